"use strict";
(() => {
  const one = (query, root = document) => root.querySelector(query);
  const all = (query, root = document) => [...root.querySelectorAll(query)];
  const make = (tag, className, text) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };

  const form = one(".filters");
  const cards = all(".card");
  const read = new Map();
  const dataOf = (card) => {
    if (!read.has(card)) read.set(card, JSON.parse(one("script", card).textContent));
    return read.get(card);
  };
  const claimsOf = (element) => element.dataset.c.split(" ").map(Number);
  const cardOf = (element) => element.closest(".card");
  const captionOf = (element) => Number(element.closest(".caption").dataset.n);

  // The claim that is open, and its boxes

  let pinned = null;

  const light = (card, places, verdict) => {
    const boxes = one(".boxes", card);
    if (!boxes) return;
    const wanted = new Set(places);
    for (const rect of boxes.children) {
      rect.setAttribute("class", wanted.has(Number(rect.dataset.f)) ? `on ${verdict || ""}` : "");
    }
    boxes.classList.toggle("picked", all(".on", boxes).length > 0);
    label(card, boxes, places);
  };

  const label = (card, boxes, places) => {
    const { width, height } = boxes.viewBox.baseVal;
    const facts = dataOf(card).facts;
    const labels = one(".labels", card);
    labels.replaceChildren();
    for (const place of places.filter((n) => facts[n].box).slice(0, 12)) {
      const [x0, y0, x1] = facts[place].box;
      const shown = make("span", "", facts[place].value);
      shown.style.left = `${100 * Math.min(x0 / width, .85)}%`;
      shown.style.top = `${100 * Math.min(y0 / height, .92)}%`;
      shown.style.maxWidth = `${100 * Math.max((x1 - x0) / width, .15)}%`;
      labels.append(shown);
    }
  };

  // A fact without a box of its own lies where the thing lies that it is said of.
  const placed = (facts, places) => {
    const byId = new Map(facts.map((fact, n) => [fact.id, n]));
    const found = new Set();
    const visit = (n, depth) => {
      if (n === undefined || depth > 3) return;
      if (facts[n].box) { found.add(n); return; }
      for (const key of ["about", "to", "parent"]) if (facts[n][key] !== undefined) visit(byId.get(facts[n][key]), depth + 1);
    };
    places.forEach((n) => visit(n, 0));
    return [...found];
  };

  const told = (claim, claims, facts) => {
    const block = make("div");
    const head = make("p", "head");
    head.append(make("span", `verdict ${claim.outcome}`, claim.outcome), make("span", "", `${claim.kind} “${claim.value}”`));
    if (claim.confidence !== undefined && claim.outcome !== "opinion") {
      head.append(make("span", "belief", `${Math.round(100 * claim.confidence)} % likely true`));
    }
    block.append(head);
    if (claim.reason) block.append(make("p", "reason", claim.reason));
    const about = ["about", "to"].filter((key) => claim[key] !== undefined).map((key) => `“${claims[claim[key]].value}”`);
    if (about.length) block.append(make("p", "of-what", `said of ${about.join(" and ")}`));
    if (claim.void !== undefined) block.append(make("p", "of-what", `fell with “${claims[claim.void].value}”, counted once`));
    if (claim.hedged) block.append(make("p", "of-what", "said with a doubt"));
    const list = make("ul");
    for (const alike of together((claim.facts || []).map((place) => facts[place]))) list.append(factLine(alike));
    if (list.children.length) block.append(list);
    return block;
  };

  // Facts that say the same are one line.
  const together = (facts) => {
    const groups = new Map();
    for (const fact of facts) {
      const key = JSON.stringify([fact.value, fact.kind, fact.expert, fact.score, Boolean(fact.box)]);
      groups.set(key, [...(groups.get(key) || []), fact]);
    }
    return groups.values();
  };

  const factLine = (alike) => {
    const [fact] = alike;
    const line = make("li");
    const what = make("span", "", alike.length > 1 ? `${fact.value} ×${alike.length}` : fact.value);
    what.append(" ", make("small", "", `${fact.kind} by ${fact.expert} · ${alike.map((one) => one.id).join(", ")}`));
    const score = make("span", "score", fact.score === undefined ? "" : fact.score.toFixed(2));
    line.append(make("span", fact.box ? "swatch" : "swatch none"), what, score);
    return line;
  };

  const show = (element) => {
    const card = cardOf(element);
    const { facts, captions } = dataOf(card);
    const claims = captions[captionOf(element)];
    const shown = claimsOf(element).map((n) => claims[n]);
    one(".why", card).replaceChildren(...shown.map((claim) => told(claim, claims, facts)));
    one(".why", card).scrollTop = 0;
    all(".open", card).forEach((other) => other.classList.remove("open"));
    const first = element.dataset.c.split(" ")[0];
    for (const other of all("[data-c]", element.closest(".caption"))) {
      if (other.dataset.c.split(" ").includes(first)) other.classList.add("open");
    }
    light(card, placed(facts, shown[0].facts || []), shown[0].outcome);
  };

  const hide = (card) => {
    one(".why", card).replaceChildren();
    all(".open", card).forEach((other) => other.classList.remove("open"));
    light(card, []);
  };

  const close = () => {
    if (!pinned) return;
    const was = pinned;
    pinned = null;
    was.setAttribute("aria-pressed", "false");
    cardOf(was).classList.remove("picked");
    hide(cardOf(was));
  };

  // Opening must not move the words under a finger, and what is stuck to the top must not cover them.
  const steady = (element, change) => {
    const before = element.getBoundingClientRect().top;
    change();
    window.scrollBy(0, element.getBoundingClientRect().top - before);
    const left = one(".left", cardOf(element));
    const stacked = getComputedStyle(cardOf(element)).gridTemplateColumns.split(" ").length === 1;
    const covered = stacked ? left.getBoundingClientRect().bottom : form.getBoundingClientRect().bottom;
    const box = element.getBoundingClientRect();
    if (box.top < covered + 8) window.scrollBy(0, box.top - covered - 16);
    else if (box.bottom > innerHeight - 8) window.scrollBy(0, box.bottom - innerHeight + 40);
  };

  // Some pieces only continue words over which other claims lie; the way in is their first piece.
  const entrance = (element) => {
    const first = element.dataset.c.split(" ")[0];
    const same = all("[data-c]", element.closest(".caption")).filter((other) => other.dataset.c.split(" ")[0] === first);
    return same.find((other) => other.hasAttribute("role")) || element;
  };

  const open = (element, focus) => {
    steady(element, () => {
      close();
      pinned = element;
      element.setAttribute("aria-pressed", "true");
      cardOf(element).classList.add("picked");
      all("[data-c][tabindex='0']", cardOf(element)).forEach((other) => { other.tabIndex = -1; });
      element.tabIndex = 0;
      if (focus) element.focus({ preventScroll: true });
      show(element);
    });
    remember();
  };

  document.addEventListener("click", (event) => {
    const mark = event.target.closest(".text [data-c]");
    if (mark) {
      const way = entrance(mark);
      if (way === pinned) { close(); remember(); } else open(way, true);
    }
  });
  document.addEventListener("focusin", (event) => {
    if (event.target.matches(".text [data-c]") && event.target !== pinned && event.target.matches(":focus-visible")) open(event.target, false);
  });
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse") return;
    const mark = event.target.closest(".text [data-c]");
    const chip = event.target.closest(".chip");
    if (mark && !(pinned && cardOf(pinned) === cardOf(mark))) show(mark);
    else if (chip) light(cardOf(chip), placed(dataOf(cardOf(chip)).facts, chip.dataset.f.split(" ").map(Number)));
  });
  document.addEventListener("pointerout", (event) => {
    const left = event.target.closest(".text [data-c], .chip");
    if (!left || event.pointerType !== "mouse") return;
    const card = cardOf(left);
    if (!pinned || cardOf(pinned) !== card) hide(card);
    else if (left.matches(".chip")) show(pinned);
  });

  // Filters, kept in the address

  const filters = { verdict: new Set(), kind: "", expert: "", word: "", q: "" };
  const outcomes = new Set(["supported", "contradicted", "unverified", "hearsay"]);
  const narrowed = () => filters.verdict.size > 0 || ["kind", "expert", "word"].some((name) => filters[name] !== "");

  const fits = (claim) =>
    (!filters.verdict.size || filters.verdict.has(claim.outcome)) &&
    (!filters.kind || claim.kind === filters.kind) &&
    (!filters.expert || claim.experts.includes(filters.expert)) &&
    (!filters.word || (claim.word || claim.value) === filters.word);

  const count = { claims: 0, captions: 0, pictures: 0 };
  let targets = null;

  const sift = (caption, claims, name, query) => {
    const said = !query || `${name} ${caption.textContent}`.toLowerCase().includes(query);
    const fitting = claims.map((claim) => said && fits(claim));
    const hits = fitting.filter(Boolean).length;
    caption.hidden = !said || (narrowed() && !hits);
    for (const mark of all("[data-c]", caption)) {
      mark.classList.toggle("off", narrowed() && !claimsOf(mark).some((n) => fitting[n]));
    }
    if (!caption.hidden) {
      count.captions += 1;
      count.claims += hits;
    }
    return !caption.hidden;
  };

  const apply = () => {
    const query = filters.q.trim().toLowerCase();
    const filtered = narrowed() || query !== "";
    Object.assign(count, { claims: 0, captions: 0, pictures: 0 });
    for (const card of cards) {
      const { captions } = dataOf(card);
      const name = one(".id", card).textContent;
      const kept = all(".caption", card).map((caption, n) => sift(caption, captions[n], name, query));
      card.hidden = filtered && !kept.some(Boolean);
      if (!card.hidden) count.pictures += 1;
    }
    targets = null;
    if (pinned && pinned.closest("[hidden]")) close();
    const told = [["claim", count.claims], ["caption", count.captions], ["picture", count.pictures]];
    const [claims, captions, pictures] = told.map(([thing, n]) => `${n.toLocaleString("en")} ${thing}${n === 1 ? "" : "s"}`);
    one("output", form).textContent = `${claims} in ${pictures}`;
    one("output", form).title = captions;
    one(".nothing").hidden = !filtered || count.pictures > 0;
    one(".reset", form).hidden = !filtered;
    for (const chip of all("[data-verdict]", form)) chip.setAttribute("aria-pressed", String(filters.verdict.has(chip.dataset.verdict)));
    for (const name of ["kind", "expert", "q"]) if (form.elements[name]) form.elements[name].value = filters[name];
    const word = one(".word", form);
    word.hidden = !filters.word;
    word.textContent = `“${filters.word}” ×`;
    word.setAttribute("aria-label", `only claims of “${filters.word}”: take this filter away`);
  };

  const repairs = (on) => {
    document.body.classList.toggle("repairs", on);
    one(".struck", form).setAttribute("aria-pressed", String(on));
  };

  const address = () => {
    const state = new URLSearchParams();
    if (filters.verdict.size) state.set("verdict", [...filters.verdict].join(","));
    for (const name of ["kind", "expert", "word", "q"]) if (filters[name]) state.set(name, filters[name]);
    if (document.body.classList.contains("repairs")) state.set("repairs", "1");
    if (pinned) state.set("at", `${cardOf(pinned).id.slice(1)}.${captionOf(pinned)}.${pinned.dataset.c.split(" ")[0]}`);
    return state.toString();
  };
  const remember = () => history.replaceState(null, "", `#${address()}`);

  const restore = () => {
    const state = new URLSearchParams(location.hash.slice(1));
    const known = ["verdict", "kind", "expert", "word", "q", "repairs", "at"];
    if (location.hash.length > 1 && !known.some((name) => state.has(name))) return false;
    filters.verdict = new Set((state.get("verdict") || "").split(",").filter((name) => outcomes.has(name)));
    const offered = (name) => form.elements[name] && [...form.elements[name].options].some((option) => option.value === state.get(name));
    filters.kind = offered("kind") ? state.get("kind") : "";
    filters.expert = offered("expert") ? state.get("expert") : "";
    filters.word = state.get("word") || "";
    filters.q = state.get("q") || "";
    repairs(state.get("repairs") === "1");
    close();
    apply();
    const [rank, caption, claim] = (state.get("at") || "").split(".").map(Number);
    const text = cards[rank - 1] && all(".caption", cards[rank - 1])[caption];
    const mark = text && all("[role=button]", text).find((one) => claimsOf(one).includes(claim));
    if (mark && !mark.closest("[hidden]")) {
      mark.scrollIntoView({ block: "center" });
      open(mark, false);
    }
    return known.some((name) => state.has(name)) && !mark;
  };

  const changed = () => { apply(); remember(); };
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", (event) => {
    if (event.target.name === "kind" || event.target.name === "expert") { filters[event.target.name] = event.target.value; changed(); }
  });
  let waiting = 0;
  form.elements.q.addEventListener("input", (event) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { filters.q = event.target.value; changed(); }, 120);
  });
  form.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-verdict]");
    if (chip) {
      const name = chip.dataset.verdict;
      if (!filters.verdict.delete(name)) filters.verdict.add(name);
      changed();
    } else if (event.target.closest(".word")) {
      filters.word = "";
      changed();
    } else if (event.target.closest(".struck")) {
      repairs(!document.body.classList.contains("repairs"));
      remember();
    }
  });
  for (const button of all(".reset")) button.addEventListener("click", () => {
    Object.assign(filters, { verdict: new Set(), kind: "", expert: "", word: "", q: "" });
    changed();
    form.elements.q.focus();
  });
  window.addEventListener("hashchange", () => {
    if (location.hash.slice(1) !== address() && restore()) form.scrollIntoView();
  });

  // Keyboard

  const visible = () => {
    targets ||= all(".text [role=button]").filter((mark) => !mark.closest("[hidden]") && !mark.classList.contains("off"));
    return targets.filter((mark) => !mark.closest("del, ins") || mark.getClientRects().length > 0);
  };
  const inView = (marks) => marks.findIndex((mark) => mark.getBoundingClientRect().top >= form.getBoundingClientRect().bottom);
  const step = (by) => {
    const marks = visible();
    const here = pinned ? marks.indexOf(pinned) : -1;
    const next = here >= 0 ? here + by : Math.max(inView(marks), 0);
    if (marks[next]) open(marks[next], true);
  };
  const stepPicture = (by) => {
    const shown = cards.filter((card) => !card.hidden);
    const here = pinned ? shown.indexOf(cardOf(pinned)) : -1;
    const card = shown[Math.max(here + by, 0)];
    const mark = card && visible().find((target) => cardOf(target) === card);
    if (mark) { card.scrollIntoView({ block: "start" }); open(mark, true); }
  };
  const keys = {
    j: () => step(1), k: () => step(-1), ArrowRight: () => step(1), ArrowLeft: () => step(-1),
    n: () => stepPicture(1), p: () => stepPicture(-1),
    s: () => one(".struck", form).click(), "/": () => form.elements.q.focus(), Escape: () => { close(); remember(); },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.matches("input, select, textarea");
    if (typing) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (event.target.matches(".text [data-c]") && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      event.target.click();
    } else if (keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
    }
  });

  for (const card of cards) {
    const first = one(".text [role=button]", card);
    if (first) first.tabIndex = 0;
  }
  if (location.hash.length > 1) { if (restore()) form.scrollIntoView(); } else apply();
})();
