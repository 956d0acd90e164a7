"""The configuration file that `fusion init` writes."""

TEMPLATE = """\
# Configuration of caption-fusion. Every key is shown with its default; take away the "#" in front of one to change it.
# Paths are relative to this file.

# Chooses among equally good ways to say a thing. Same input, configuration and seed: same output.
#seed = 0
# A cards file: how far to trust which expert. Empty: what experts say of themselves.
#cards = ""

[images]
# Pictures of more megapixels than this are refused, as a guard against files made to fill the memory.
#max_megapixels = 100.0

[language]
# The spaCy pipeline that reads captions, by name or path. Empty: the one that comes with this package.
#pipeline = ""
# A folder with a sentence-transformers model that knows more words that mean nearly the same. Empty: WordNet alone.
#embeddings = ""

[captions]
# The captions made of each picture.
#styles = ["short", "dense", "alt", "prompt", "tags"]
# A folder with styles of your own, NAME.toml each. `fusion styles` lists all.
#style_folder = ""
# Captions of each style that is written in sentences; each tells other facts.
#variants = 1
# Who proposes, who judges, what is kept: a preset (`fusion strategies` lists them) or a TOML file.
#strategy = "evidence"
# Who puts facts into sentences: one of [[writers]] below or "template". Empty: the first of [[writers]], else "template".
# Strategies that let several writers compete take a list.
#writer = ""
# The writer whose model picks among candidates, for strategies that have a judge.
#judge = ""
# A folder with prompts of your own, which go before the built-in ones of their name. `fusion prompts` lists all.
#prompts = ""
# The file of CLIP's tokenizer, by which styles count tokens. Empty: that of open_clip if it is installed, else an estimate.
#tokenizer = ""
# What repair takes away: "lenient" what is contradicted, "balanced" also what is more likely wrong, "strict" all that
# is not supported.
#policy = "balanced"
# Claims of one caption, at most, that experts are asked about because nobody has said anything of them. 0: none.
#ask = 4

[run]
# Pictures that experts and writers are given at once.
#batch = 8
# Batches of pictures that are decoded while one is worked on. More takes more memory.
#read_ahead = 2
# Seconds that one expert may take for one picture.
#time_limit = 60.0
# Experts that need nothing of each other look at a picture at the same time. Switch it off where memory is short.
#together = true
# A file that keeps the replies of language models, so that a run that is repeated or resumed pays once. Empty: none.
#replies = ""

# Experts run in this order and see the facts of those before. Without any, those installed run that need neither
# weights nor a download. `fusion experts` lists what is installed. `name` is what facts and cards carry (default:
# `use`), `use` what is installed, `time_limit` goes before that of [run], every other key is an option of the expert.
# [[experts]]
# name = "coco"
# use = "detector"
# time_limit = 30.0
# weights = "yolo11n.pt"

# Language models that write captions. `name` is what captions call the writer (default: `use`), `use` the backend: llama_cpp
# (a GGUF file), transformers (a folder) or server (any OpenAI-compatible endpoint). `form`: "text", a request for each caption,
# or "json", one for all captions of a picture; `prompt` is the template of these requests, other forms such as `qa` have their
# own. `retries`: how often a bad reply is asked for again. Every other key is an option of the backend.
# [[writers]]
# name = "qwen"
# use = "llama_cpp"
# weights = "qwen.gguf"
# form = "text"
# retries = 2
# temperature = 0.0
"""
