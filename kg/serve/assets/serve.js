// Completion in the editor, from this server alone; Ctrl-Enter asks. Without this script the editor is a plain form.
"use strict";
(() => {
  const area = document.getElementById("query"), list = document.getElementById("offers");
  if (!area || !list) return;
  area.setAttribute("aria-controls", "offers");
  area.setAttribute("aria-autocomplete", "list");
  let chosen = -1, asked = 0, timer = 0;

  const word = () => (area.value.slice(0, area.selectionStart).match(/[\p{L}\p{N}_:.-]+$/u) || [""])[0];
  const close = () => { list.hidden = true; list.replaceChildren(); chosen = -1; area.removeAttribute("aria-activedescendant"); };
  const mark = (at) => {
    chosen = (at + list.children.length) % list.children.length;
    [...list.children].forEach((each, number) => each.setAttribute("aria-selected", String(number === chosen)));
    area.setAttribute("aria-activedescendant", list.children[chosen].id);
    list.children[chosen].scrollIntoView({ block: "nearest" });
  };
  const take = (text) => {
    area.setRangeText(text + " ", area.selectionStart - word().length, area.selectionStart, "end");
    close();
    area.focus();
  };
  const offer = async () => {
    const sought = word(), number = ++asked;
    if (sought.length < 2 && sought !== ":") return close();
    try {
      const response = await fetch("/complete?q=" + encodeURIComponent(sought), { headers: { Accept: "application/json" } });
      const found = response.ok ? await response.json() : [];
      if (number !== asked || sought !== word()) return;
      close();
      for (const { text, told } of found.filter((each) => each.text !== sought)) {
        const item = document.createElement("li"), name = document.createElement("code"), kind = document.createElement("span");
        item.id = "offer-" + list.children.length;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        name.textContent = text;
        kind.textContent = told;
        kind.className = "kind";
        item.append(name, " ", kind);
        item.addEventListener("mousedown", (event) => { event.preventDefault(); take(text); });
        list.append(item);
      }
      list.hidden = !list.children.length;
    } catch { close(); }
  };

  area.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(offer, 120); });
  area.addEventListener("blur", close);
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); area.form.requestSubmit(); return; }
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); mark(chosen < 0 && event.key === "ArrowUp" ? -1 : chosen + (event.key === "ArrowDown" ? 1 : -1)); }
    else if ((event.key === "Enter" || event.key === "Tab") && chosen >= 0) { event.preventDefault(); take(list.children[chosen].firstChild.textContent); }
    else if (event.key === "Escape") { event.preventDefault(); close(); }
  });
})();
