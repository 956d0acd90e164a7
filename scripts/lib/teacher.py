"""A large parser that teaches the small one: a biaffine parser on a pretrained encoder, after Dozat and Manning, Deep Biaffine
Attention for Neural Dependency Parsing (ICLR 2017).

It learns the treebank and then parses plain text; the small parser learns from both. Needs torch and transformers.
"""

import gzip
import math
import random
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import networkx
import numpy
import torch
from torch import nn
from torch.nn import functional
from transformers import AutoModel, AutoTokenizer
from treebank import Row, varied

LAYERS = 4
"""Last layers of the encoder that are mixed."""
FIELDS = ("dep", "tag", "pos", "morph")
WORDS_A_BATCH = 1500
LONGEST = 120
RATE, RATE_ENCODER = 1.5e-3, 1.5e-4


class Teacher(nn.Module):
    """Scores heads, labels, tags, parts of speech and morphology of each word."""

    def __init__(self, encoder: Path, vocabulary: dict[str, list[str]], arc: int = 320, label: int = 128) -> None:
        super().__init__()
        self.vocabulary = vocabulary
        self.encoder = AutoModel.from_pretrained(encoder)
        size = self.encoder.config.hidden_size
        self.mix, self.drop = nn.Parameter(torch.zeros(LAYERS)), nn.Dropout(0.25)
        self.lstm = nn.LSTM(size, size // 2, batch_first=True, bidirectional=True)
        self.arc_head, self.arc_word = self.layer(size, arc), self.layer(size, arc)
        self.label_head, self.label_word = self.layer(size, label), self.layer(size, label)
        self.arc = nn.Parameter(nn.init.xavier_uniform_(torch.zeros(arc + 1, arc)))
        self.label = nn.Parameter(nn.init.normal_(torch.zeros(len(vocabulary["dep"]), label + 1, label + 1), std=0.02))
        self.tags = nn.ModuleDict({name: nn.Linear(size, len(vocabulary[name])) for name in FIELDS[1:]})
        self.root = nn.Parameter(nn.init.normal_(torch.zeros(size), std=0.02))

    def layer(self, inputs: int, outputs: int) -> nn.Sequential:
        return nn.Sequential(nn.Linear(inputs, outputs), nn.GELU(), nn.Dropout(0.25))

    def forward(self, pieces, mask, first, words):
        """Scores by field, arc scores (batch, word, head; head 0 is the root), and what `labels` needs."""
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.training):
            states = self.encoder(input_ids=pieces, attention_mask=mask, output_hidden_states=True).hidden_states
        weights = torch.softmax(self.mix, 0)
        mixed = sum(w * s.float() for w, s in zip(weights, states[-LAYERS:], strict=True))
        x = self.drop(mixed.gather(1, first.unsqueeze(-1).expand(-1, -1, mixed.size(-1))))
        packed = nn.utils.rnn.pack_padded_sequence(x, words.sum(1), batch_first=True, enforce_sorted=False)
        context, _ = nn.utils.rnn.pad_packed_sequence(self.lstm(packed)[0], batch_first=True, total_length=x.size(1))
        x = self.drop(x + context)
        rooted = torch.cat([self.root.expand(len(x), 1, -1), x], 1)
        arcs = with_one(self.arc_word(x)) @ self.arc @ self.arc_head(rooted).transpose(1, 2)
        heads = torch.cat([torch.ones(len(x), 1, dtype=torch.bool), words], 1)
        arcs = arcs.masked_fill(~heads.unsqueeze(1), -1e4)
        scores = {name: layer(x) for name, layer in self.tags.items()}
        return scores, arcs, self.label_head(rooted), self.label_word(x)

    def labels(self, heads, words, chosen):
        """Label scores of each word under a chosen head."""
        head = with_one(heads.gather(1, chosen.unsqueeze(-1).expand(-1, -1, heads.size(-1))))
        return torch.einsum("bwlj,bwj->bwl", torch.einsum("bwi,lij->bwlj", head, self.label), with_one(words))


def with_one(x):
    return torch.cat([x, torch.ones_like(x[..., :1])], -1)


class Batches:
    """Turns words into what the encoder takes; lengths are padded to few sizes, which spares memory on a CPU."""

    def __init__(self, encoder: Path) -> None:
        self.tokenizer = AutoTokenizer.from_pretrained(encoder)

    def tensors(self, sentences: Sequence[Sequence[str]]):
        made = self.tokenizer(list(map(list, sentences)), is_split_into_words=True, padding=True, pad_to_multiple_of=16,
                              truncation=True, max_length=512, return_tensors="pt")  # fmt: skip
        longest = -(-max(map(len, sentences)) // 8) * 8
        first = torch.zeros(len(sentences), longest, dtype=torch.long)
        words = torch.zeros(len(sentences), longest, dtype=torch.bool)
        for row, sentence in enumerate(sentences):
            for place, word in reversed(list(enumerate(made.word_ids(row)))):
                if word is not None:
                    first[row, word] = place
            words[row, : len(sentence)] = True
        return made["input_ids"], made["attention_mask"], first, words


def grouped(lengths: Sequence[int], words: int, rng: random.Random | None = None) -> list[list[int]]:
    """Indices in batches of sentences of like length."""
    order = sorted(range(len(lengths)), key=lambda i: lengths[i] + (4 * rng.random() if rng else 0))
    batches: list[list[int]] = [[]]
    for i in order:
        if batches[-1] and (len(batches[-1]) + 1) * lengths[i] > words:
            batches.append([])
        batches[-1].append(i)
    if rng:
        rng.shuffle(batches)
    return batches


def train(sentences: list[tuple[str, list[Row]]], encoder: Path, epochs: int = 6, seed: int = 0) -> Teacher:
    """A teacher that has learnt the treebank's sentences, rewritten anew in each epoch."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    vocabulary = {name: sorted({row[name] for _, rows in sentences for row in rows}) for name in FIELDS}
    index = {name: {value: i for i, value in enumerate(values)} for name, values in vocabulary.items()}
    model, batches = Teacher(encoder, vocabulary), Batches(encoder)
    inner = [p for name, p in model.named_parameters() if name.startswith("encoder.")]
    outer = [p for name, p in model.named_parameters() if not name.startswith("encoder.")]
    optimizer = torch.optim.AdamW([{"params": inner, "lr": RATE_ENCODER}, {"params": outer, "lr": RATE}], betas=(0.9, 0.98))
    scheduler, start = None, time.monotonic()
    for epoch in range(epochs):
        rows = [s for document in varied(sentences, rng) for s in document if 1 < len(s) < LONGEST]
        order = grouped([len(s) for s in rows], WORDS_A_BATCH, rng)
        if scheduler is None:
            scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, rate(epochs * len(order)))
        model.train()
        for batch in order:
            loss = loss_of(model, batches, [rows[i] for i in batch], index)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            scheduler.step()
        print(
            f"teacher: epoch {epoch + 1} of {epochs}, loss {loss.item():.3f}, {time.monotonic() - start:.0f} s", file=sys.stderr
        )
    return model


def rate(total: int):
    """Rises over a fifteenth of the steps, then falls along a cosine."""
    warm = total // 15
    return lambda step: (
        min(1.0, (step + 1) / warm) * max(0.02, 0.5 * (1 + math.cos(math.pi * min(1.0, max(0, step - warm) / (total - warm)))))
    )


def loss_of(model: Teacher, batches: Batches, rows: list[list[Row]], index: dict[str, dict[str, int]]):
    pieces, mask, first, words = batches.tensors([[r["form"] for r in s] for s in rows])
    gold = {name: torch.full(words.shape, -100) for name in (*FIELDS, "head")}
    for b, sentence in enumerate(rows):
        for i, row in enumerate(sentence):
            for name in FIELDS:
                gold[name][b, i] = index[name].get(row[name], -100)
            gold["head"][b, i] = 0 if row["head"] == i else row["head"] + 1
    scores, arcs, heads, dependents = model(pieces, mask, first, words)
    labels = model.labels(heads, dependents, gold["head"].clamp(min=0))
    weighted = [(arcs, "head", 1.0), (labels, "dep", 1.0), (scores["tag"], "tag", 0.5), (scores["pos"], "pos", 0.2),
                (scores["morph"], "morph", 0.2)]  # fmt: skip
    return sum(
        weight * functional.cross_entropy(found.flatten(0, 1), gold[name].flatten(), ignore_index=-100)
        for found, name, weight in weighted
    )


@torch.no_grad()
def parse(model: Teacher, encoder: Path, sentences: Sequence[Sequence[str]]) -> Iterator[tuple[int, list[Row], float]]:
    """Index, tokens and the least sure arc's log-probability of each sentence, in any order."""
    model.eval()
    batches = Batches(encoder)
    for batch in grouped([len(s) for s in sentences], 4000):
        scores, arcs, heads, dependents = model(*batches.tensors([sentences[i] for i in batch]))
        arcs = torch.log_softmax(arcs, -1)
        chosen = torch.zeros(arcs.shape[:2], dtype=torch.long)
        for b, i in enumerate(batch):
            size = len(sentences[i])
            chosen[b, :size] = torch.tensor(tree(arcs[b, :size, : size + 1].numpy()))
        labels = torch.log_softmax(model.labels(heads, dependents, chosen), -1)
        sure, values = labels.max(-1)
        for b, i in enumerate(batch):
            rows, least = [], 0.0
            for w, form in enumerate(sentences[i]):
                head = int(chosen[b, w])
                least = min(least, float(arcs[b, w, head] + sure[b, w]))
                row = {name: model.vocabulary[name][int(scores[name][b, w].argmax())] for name in FIELDS[1:]}
                rows.append(row | {"form": form, "head": head - 1 if head else w,
                                   "dep": model.vocabulary["dep"][int(values[b, w])] if head else "ROOT"})  # fmt: skip
            yield i, rows, least


def tree(scores: numpy.ndarray) -> list[int]:
    """The head of each word, 0 for the root: the best single-rooted tree by Chu and Liu, and Edmonds."""
    size, greedy = len(scores), scores.argmax(1).tolist()
    if greedy.count(0) == 1 and all(reaches_root(greedy, word) for word in range(size)):
        return greedy
    best: tuple[float, list[int]] = (-math.inf, greedy)
    for root in numpy.argsort(-scores[:, 0])[:3]:
        graph = networkx.DiGraph()
        graph.add_edge(0, int(root) + 1, weight=float(scores[root, 0]))
        graph.add_weighted_edges_from(
            (head + 1, word + 1, float(scores[word, head + 1]))
            for word in range(size) for head in range(size) if word not in {head, root}
        )  # fmt: skip
        heads = [0] * size
        for head, word in networkx.maximum_spanning_arborescence(graph).edges:
            heads[word - 1] = head
        total = float(sum(scores[word, head] for word, head in enumerate(heads)))
        best = max(best, (total, heads))
    return best[1]


def reaches_root(heads: list[int], word: int) -> bool:
    for _ in heads:
        if heads[word] == 0:
            return True
        word = heads[word] - 1
    return False


def write(sentences: Iterator[tuple[list[Row], list[bool]]], output: Path) -> int:
    """Write tokens and whether a blank follows each as gzipped CoNLL-U; returns the number of sentences."""
    number = 0
    with gzip.open(output, "wt", encoding="utf-8") as file:
        for rows, blanks in sentences:
            number += 1
            file.write(f"# sent_id = silver-{number}\n")
            for i, (row, blank) in enumerate(zip(rows, blanks, strict=True)):
                head = 0 if row["head"] == i else row["head"] + 1
                columns = [i + 1, row["form"], "_", row["pos"], row["tag"], row["morph"] or "_", head, row["dep"], "_",
                           "_" if blank else "SpaceAfter=No"]  # fmt: skip
                file.write("\t".join(map(str, columns)) + "\n")
            file.write("\n")
    return number
