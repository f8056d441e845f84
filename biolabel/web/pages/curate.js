// Curating by keyboard. A verdict is put into the browser's storage before it is sent, and stays there
// until the server says that it is kept: a reload, or a server that is away, loses none. Sent twice, it
// is kept once, because it has a key.
const biolabel = (() => {
  const VERDICTS = { a: "accept", r: "reject", u: "unsure", m: "wrong mention", w: "wrong relation" };
  const STEPS = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };
  const AGAIN = 4000; // milliseconds until what has no answer is sent again
  let who = "", may = false, busy = false, row = -1, noted = "";

  const find = (selector) => document.querySelector(selector);
  const rows = () => [...document.querySelectorAll("#bl-claim [data-evidence]")].filter((each) => each.offsetParent);
  const shown = () => find("#bl-claim")?.dataset.id;
  const unsent = (key = "") => `biolabel-unsent/${who}/${key}`;
  const draft = () => `biolabel-comment/${who}/${shown()}`;
  const say = (text, kind = "") => { const place = find("#bl-said"); if (place) { place.textContent = text; place.className = kind; } };

  // Wait until the page has drawn an assertion.
  async function there(id) {
    for (let tries = 0; shown() !== id && tries < 100; tries++) await new Promise((done) => setTimeout(done, 20));
  }

  function send(key) {
    const kept = localStorage.getItem(unsent(key));
    if (kept === null) return;
    emitEvent("curate-decide", JSON.parse(kept));
    setTimeout(() => {
      if (localStorage.getItem(unsent(key)) === null) return;
      say("Not saved yet: the server does not answer. It is sent again until it does.", "bl-bad");
      send(key);
    }, AGAIN);
  }

  function decide(verdict) {
    if (!shown() || busy) return;
    if (!may) return say("You may look, but only curators decide.", "bl-bad");
    busy = true;
    const key = [...crypto.getRandomValues(new Uint8Array(16))].map((each) => each.toString(16).padStart(2, "0")).join("");
    const sent = {
      key, verdict, assertion: shown(), comment: find("#bl-comment").value.trim(),
      evidence: rows()[row]?.dataset.evidence ?? null, settle: find("#bl-settle")?.checked ?? false,
    };
    localStorage.setItem(unsent(key), JSON.stringify(sent));
    say(`Saving: ${verdict}`);
    send(key);
  }

  function choose(to) {
    const all = rows();
    row = Math.max(-1, Math.min(all.length - 1, to));
    all.forEach((each, at) => each.classList.toggle("on", at === row));
    all[row]?.scrollIntoView({ block: "center" });
    find("#bl-about").textContent = row < 0 ? "the assertion" : `sentence ${all[row].dataset.number}`;
  }

  function help() { const box = find("#bl-help"); box.open ? box.close() : box.showModal(); }
  function undo() { if (may && !busy) { busy = true; say("Taking back"); emitEvent("curate-undo", {}); setTimeout(() => { busy = false; }, AGAIN); } }
  function go(to) { if (!busy) emitEvent("curate-go", to); }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !find("#bl-verdicts")) return;
    const field = event.target.closest("input, textarea, select, [contenteditable], .q-menu, .q-select");
    if (field) {
      const leaves = event.key === "Escape" || (event.key === "Enter" && !event.shiftKey);
      if (field.id === "bl-comment" && leaves) { event.preventDefault(); field.blur(); }
      return;
    }
    if (find("#bl-help")?.open && event.key !== "?") return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const does =
      key in VERDICTS ? () => decide(VERDICTS[key])
      : key in STEPS ? () => go({ step: STEPS[key] })
      : { ArrowRight: () => choose(row + 1), ArrowLeft: () => choose(row - 1), Escape: () => choose(-1),
          z: undo, c: () => find("#bl-comment")?.focus(), s: () => find("#bl-settle")?.click(),
          "/": () => find(".bl-search input")?.focus(), "?": help }[key];
    if (does) { event.preventDefault(); if (!event.repeat || key in STEPS) does(); }
  });
  document.addEventListener("click", (event) => {
    const at = (name) => event.target.closest(`[data-${name}]`)?.dataset[name];
    if (at("verdict")) decide(at("verdict"));
    else if (at("go")) { event.preventDefault(); go({ id: at("go") }); }
    else if (at("does")) ({ undo, help })[at("does")]();
    else if (at("evidence") && !event.target.closest("a")) choose(rows().findIndex((each) => each.dataset.evidence === at("evidence")));
  });
  document.addEventListener("input", (event) => {
    if (event.target.id === "bl-comment" && shown()) localStorage.setItem(draft(), event.target.value);
  });

  return {
    // Someone opened the page: send what an earlier one could not.
    start(name, decides) {
      who = name; may = decides;
      Object.keys(localStorage).filter((each) => each.startsWith(unsent())).forEach((each) => send(each.slice(unsent().length)));
    },
    async shown(id) {
      await there(id);
      busy = false;
      const field = find("#bl-comment");
      if (field) field.value = localStorage.getItem(draft()) ?? "";
      const settle = find("#bl-settle");
      if (settle) settle.checked = false;
      row = -1;
      noted = id;
      if (find("#bl-about")) choose(-1);
      find(".bl-queue [aria-current]")?.scrollIntoView({ block: "nearest" });
      window.scrollTo({ top: 0 });
      if (!document.activeElement?.closest("input, textarea, .q-field")) find("#bl-claim h2")?.focus({ preventScroll: true });
    },
    async again(id) { await there(id); busy = false; const all = rows(); all.forEach((each, at) => each.classList.toggle("on", at === row)); },
    kept(key, text) {
      const sent = JSON.parse(localStorage.getItem(unsent(key)) ?? "{}");
      localStorage.removeItem(unsent(key));
      localStorage.removeItem(`biolabel-comment/${who}/${sent.assertion}`);
      if (sent.assertion === shown() && find("#bl-comment")) find("#bl-comment").value = "";
      say(text, "bl-good");
    },
    refused(key, text, final) { if (final) localStorage.removeItem(unsent(key)); busy = false; say(text, "bl-bad"); },
    say,
    // The assertion on the page is what keys are about: nothing is under way, and nothing sets them back.
    ready: () => !busy && Boolean(noted) && noted === shown(),
  };
})();
