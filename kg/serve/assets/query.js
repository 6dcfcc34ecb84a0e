// The editor where there is one (hatch_build.py): completion, answers and links from this server alone. Without it, serve.js does.
"use strict";
(() => {
  const form = document.getElementById("editor"), area = document.getElementById("query"), page = document.getElementById("answers");
  if (!form || !area || !window.Yasgui) return;
  const { Yasqe, Yasr } = window.Yasgui;
  const prefixes = JSON.parse(form.dataset.prefixes);
  const base = form.dataset.base, ask = form.querySelector("button[type=submit]"), format = form.elements.format, told = document.getElementById("told");
  const make = (name, text = "", more = {}) => Object.assign(document.createElement(name), { textContent: text }, more);

  // -- completion --------------------------------------------------------------------------------------

  const kinds = new Map();
  const before = (yasqe) => { const at = yasqe.getDoc().getCursor(); return [at, yasqe.getDoc().getLine(at.line).slice(0, at.ch)]; };
  const word = (yasqe) => (before(yasqe)[1].match(/(?<![?$<"'@\p{L}\p{N}_:.-])[\p{L}\p{N}_:.-]+$/u) || [""])[0];
  const declaring = (yasqe) => /\bprefix\s+[\p{L}\p{N}_.-]*$/iu.test(before(yasqe)[1]);
  const begun = (yasqe) => ({ from: { ch: before(yasqe)[0].ch - word(yasqe).length }, to: { ch: before(yasqe)[0].ch } });
  const put = (yasqe, _, hint) => yasqe.getDoc().replaceRange(hint.text, hint.from, yasqe.getDoc().getCursor(), "complete");
  const offered = (hints) => hints.map((hint) => ({ ...hint, hint: put, render: (item) => {
    item.append(make("code", hint.text), " ", make("span", kinds.get(hint.text) || "", { className: "kind" }));
  } }));
  Yasqe.defaults.autocompleters = []; // lists are merged one by one, and the others would ask elsewhere
  Yasqe.registerAutocompleter({
    name: "names", bulk: false, autoShow: true,
    isValidCompletionPosition: (yasqe) => {
      const sort = yasqe.getTokenAt(yasqe.getDoc().getCursor()).type || "", sought = word(yasqe);
      return (sought.length > 1 || sought === ":") && !declaring(yasqe) && !/string$|comment/.test(sort);
    },
    preProcessToken: (yasqe, token) => ({ ...token, string: word(yasqe), autocompletionString: word(yasqe), ...begun(yasqe) }),
    get: async (yasqe, token) => {
      const response = await fetch("/complete?q=" + encodeURIComponent(token.string), { headers: { Accept: "application/json" } });
      const found = response.ok ? await response.json() : [];
      for (const { text, told: kind } of found) kinds.set(text, kind);
      return found.map(({ text }) => text).filter((text) => text !== token.string);
    },
    postprocessHints: (yasqe, hints) => offered(hints),
  }, false);
  Yasqe.registerAutocompleter({
    name: "declarations", bulk: false, autoShow: true,
    isValidCompletionPosition: declaring,
    preProcessToken: (yasqe, token) => ({ ...token, string: word(yasqe), ...begun(yasqe) }),
    get: (yasqe, token) => prefixes.filter(([prefix]) => prefix.startsWith(token.string)).map(([prefix, space]) => `${prefix}: <${space}>`),
  }, false);

  // -- the editor --------------------------------------------------------------------------------------

  const place = make("div", "", { className: "yasgui" });
  area.before(place);
  area.hidden = true;
  const editor = new Yasqe(place, {
    value: "", autocompleters: ["names", "declarations", "variables"], persistenceId: null, consumeShareLink: null,
    createShareableLink: null, showQueryButton: false, resizeable: false, editorHeight: "auto", screenReaderLabel: "Query", viewportMargin: Infinity,
    requestConfig: {
      endpoint: location.origin + "/sparql", method: "POST", acceptHeaderSelect: "application/sparql-results+json", acceptHeaderGraph: "application/n-triples",
      args: () => (form.elements.suggested.checked ? [{ name: "suggested", value: "1" }] : []),
    },
    extraKeys: { Tab: false, "Shift-Tab": false, "Ctrl-Enter": () => form.requestSubmit(ask), "Cmd-Enter": () => form.requestSubmit(ask), "Ctrl-S": false },
  });
  const mode = editor.getMode(), start = mode.startState;
  mode.startState = (...given) => Object.assign(start(...given), { prefixes: Object.fromEntries(prefixes) }); // they need no declaration
  editor.setValue(area.value.replace(/^\n/, ""));
  for (const sort of ["mouseover", "mouseout"]) place.addEventListener(sort, (event) => { // a plain title: the editor's own tip has style in its markup
    const icon = event.target.closest(".parseErrorIcon");
    if (!icon) return;
    event.stopPropagation();
    if (sort === "mouseout") return;
    const line = editor.coordsChar({ left: 0, top: event.clientY }, "window").line, { state } = editor.getTokenAt({ line, ch: editor.getLine(line).length }, true);
    icon.title = state.errorMsg || `expected here: ${(state.possibleCurrent || []).join(" ")}`;
  }, true);
  form.querySelector("label[for=query]").addEventListener("click", () => editor.focus());
  const silent = (root) => { for (const each of root.querySelectorAll(".CodeMirror-scroll")) each.setAttribute("aria-hidden", "true"); }; // the field itself is read out
  silent(place);
  editor.on("autocompletionShown", (_, widget) => {
    const list = widget && widget.hints;
    if (!list) return;
    list.setAttribute("aria-label", "Completions");
    if (widget.data.list.every((hint) => hint.hint === put)) widget.disable = () => {}; // what is seen can be taken while the next list is asked for
  });

  form.addEventListener("submit", (event) => {
    area.value = editor.getValue();
    if (!page || format.value !== "html" || (event.submitter && event.submitter !== ask)) return;
    event.preventDefault();
    if (page.getAttribute("aria-busy") === "true") editor.abortQuery();
    else editor.query().catch(() => {});
  });
  if (!page) return;

  // -- answers -----------------------------------------------------------------------------------------

  const address = (iri) => {
    const local = iri.startsWith(base) ? iri.slice(base.length) : "", [first, ...rest] = local.split("/");
    const plain = rest.length && local.split("/").every((part) => part && !/^(\.|%2e){1,2}$/i.test(part)) && !/[?#\\]/.test(local);
    const known = prefixes.some(([, space]) => space === `${base}${first}/`);
    return plain && known ? "/" + local : "/about?iri=" + encodeURIComponent(iri);
  };
  const answers = new Yasr(page, {
    persistenceId: null, prefixes: Object.fromEntries([...prefixes].sort(([, one], [, other]) => other.length - one.length)),
    plugins: { table: { enabled: true, dynamicConfig: { compact: true } } }, getDownloadFileName: () => "answer",
    errorRenderers: [async (error) => {
      let said = { detail: error.text || error.message || "the server did not answer" };
      try { said = JSON.parse(error.text); } catch { /* it is a text */ }
      const box = make("div");
      box.append(make("pre", said.detail, { className: "problem" }), make("p", said.hint ? `hint: ${said.hint}` : "", { className: "hint" }));
      return box;
    }],
  });
  const mend = () => {
    for (const link of page.querySelectorAll("a.iri")) {
      if (link.closest("sup")) { link.replaceWith(link.textContent); continue; }
      link.classList.replace("iri", "page");
      link.href = address(link.getAttribute("href"));
      link.removeAttribute("target");
      link.removeAttribute("rel");
    }
    for (const each of page.querySelectorAll(".tableSizer:not([aria-label])")) each.setAttribute("aria-label", "Rows on a page");
    for (const each of page.querySelectorAll(".CodeMirror textarea:not([aria-label])")) { each.setAttribute("aria-label", "The answer as it came"); silent(page); }
    for (const each of page.querySelectorAll(".yasr_external_ref_btn")) each.remove();
  };
  new MutationObserver(mend).observe(page, { childList: true, subtree: true });
  mend();

  const busy = (now) => { page.setAttribute("aria-busy", String(now)); ask.textContent = now ? "Stop" : "Ask"; };
  const link = (words, sort, query) => make("a", words, { href: `/sparql?format=${sort}&query=${encodeURIComponent(query)}${form.elements.suggested.checked ? "&suggested=1" : ""}` });
  const pairs = () => (answers.results && answers.results.getBindings() || []).some((row) => Object.values(row).filter((term) => term.type === "uri").length > 1);
  editor.on("query", () => { busy(true); told.replaceChildren("Asking …"); });
  editor.on("queryAbort", () => { busy(false); told.replaceChildren("Stopped."); });
  editor.on("queryResponse", (_, response, took) => {
    busy(false);
    if (response instanceof DOMException) return;
    page.hidden = false;
    answers.setResponse(response, took);
    const query = editor.getValue(), failed = response instanceof Error, cut = failed ? "" : response.headers.get("kg-truncated");
    const triples = !failed && (response.headers.get("content-type") || "").startsWith("application/n-triples");
    const forms = failed ? [] : triples ? ["turtle", "jsonld"] : ["csv", "json"];
    told.replaceChildren(failed ? "That cannot be answered." : cut || "Answered.");
    told.classList.toggle("cut", Boolean(cut));
    document.getElementById("forms").replaceChildren(...(pairs() ? [link("as a graph", "graph", query)] : []), ...forms.map((each) => link(each, each, query)));
    const here = `/sparql?query=${encodeURIComponent(query)}${form.elements.suggested.checked ? "&suggested=1" : ""}`;
    if (!failed && here.length < 8000) history.replaceState(null, "", here);
  });
})();
