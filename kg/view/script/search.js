// Search over names and aliases. All names stand folded (no accents, lower case) in one long text, which a
// browser searches in well under a millisecond; words that nobody wrote are matched to those nearest.

const index = {text: '', starts: [], owners: [], vocabulary: undefined};

function buildIndex() {
  const parts = [], starts = [], owners = [];
  let length = 0;
  for (let node = 0; node < graph.count; node += 1) {
    for (const name of [graph.label[node], ...(graph.aliases.get(node) || [])]) {
      const words = `\n${folded(name)}`;
      starts.push(length);
      owners.push([node, name]);
      parts.push(words);
      length += words.length;
    }
  }
  Object.assign(index, {text: parts.join(''), starts, owners});
}

function buildVocabulary() {
  const words = new Map();
  index.owners.forEach((_, place) => {
    for (const word of new Set(nameAt(place).split(' '))) if (word.length > 2) { const list = words.get(word); if (list) list.push(place); else words.set(word, [place]); }
  });
  index.vocabulary = [...words].map(([word, places]) => ({word, places, letters: lettersOf(word)}));
}

const nameAt = (place) => index.text.slice(index.starts[place] + 1, index.starts[place + 1] ?? index.text.length);

function lettersOf(word) {
  let bits = 0;
  for (let place = 0; place < word.length; place += 1) bits |= 1 << (word.charCodeAt(place) & 31);
  return bits;
}

function ownerAt(position) {
  let low = 0, high = index.starts.length - 1;
  while (low < high) { const middle = (low + high + 1) >> 1; if (index.starts[middle] <= position) low = middle; else high = middle - 1; }
  return low;
}

function collect(found, needle, value, limit) {
  // Names come with the most important nodes first, so the first so many are the best.
  let seen = 0;
  for (let at = index.text.indexOf(needle); at >= 0 && seen < limit; at = index.text.indexOf(needle, at + 1)) {
    const place = ownerAt(at);
    seen += 1;
    if ((found.get(place) || 0) < value) found.set(place, value);
    at = (index.starts[place + 1] ?? index.text.length) - 1;
  }
}

function search(text) {
  const query = folded(text);
  if (!query) return [];
  const began = performance.now();
  if (!index.text) buildIndex();
  const found = new Map(), parts = query.split(' ');
  collect(found, `\n${query}\n`, 100, 20);
  if (index.text.endsWith(`\n${query}`)) found.set(index.starts.length - 1, 100);
  collect(found, `\n${query}`, 80, 60);
  collect(found, ` ${query}`, 70, 60);
  if (found.size < 12) collect(found, query, 60, 60);
  if (parts.length > 1 && found.size < 12) allParts(found, parts);
  if (found.size < 5 && query.length > 2) nearMisses(found, parts);
  if (!found.size && query.length > 3) scattered(found, query.replaceAll(' ', ''), began + 6);
  const best = new Map();
  for (const [place, value] of found) {
    const [node, name] = index.owners[place];
    if (!best.has(node) || best.get(node).value < value) best.set(node, {node, value, alias: name === graph.label[node] ? '' : name});
  }
  const hits1 = [...best.values()].sort((a, b) => b.value - a.value || a.node - b.node).slice(0, 12);
  took.search = performance.now() - began;
  return hits1;
}

function allParts(found, parts) {
  // Every word somewhere in the name, in any order; the rarest word leads.
  const lists = parts.map((part) => { const list = new Map(); collect(list, part, 1, 4000); return list; }).sort((a, b) => a.size - b.size);
  for (const place of lists[0].keys()) {
    const name = nameAt(place);
    if (parts.every((part) => name.includes(part)) && !found.has(place)) found.set(place, 50);
  }
}

function nearWords(part) {
  // word -> [value, places] of all words that are a letter or two away
  const most = part.length < 4 ? 0 : part.length < 6 ? 1 : 2, bits = lettersOf(part), found = new Map();
  for (const {word, places, letters} of index.vocabulary) {
    // A longer word may begin like this: people stop typing once they see what they want.
    const longer = word.length > part.length + 1;
    if (part.length - word.length > most || (!longer && ones(letters & ~bits) > most) || ones(bits & ~letters) > most) continue;
    const far = word.startsWith(part) ? 0 : most ? distance(part, longer ? word.slice(0, part.length) : word, most) : 1;
    if (far <= most) found.set(word, [40 - 8 * far - (longer ? 3 : 0), places]);
  }
  return found;
}

function nearMisses(found, parts) {
  // The part that fits the fewest names leads; those names must have a word for every other part, too.
  if (!index.vocabulary) buildVocabulary();
  const near1 = parts.map(nearWords).map((words) => ({words, size: [...words.values()].reduce((sum, [, places]) => sum + places.length, 0)})).sort((a, b) => a.size - b.size);
  const [first, ...rest] = near1;
  for (const [value, places] of [...first.words.values()].sort(([a], [b]) => b - a).slice(0, 40)) {
    for (const place of places.slice(0, rest.length ? 400 : 24)) {
      if (found.has(place) && found.get(place) >= value) continue;
      const mine = rest.length ? nameAt(place).split(' ') : [];
      const others = rest.map(({words}) => Math.max(0, ...mine.map((word) => words.get(word)?.[0] || 0)));
      if (others.every((other) => other > 0)) found.set(place, Math.min(value, ...others));
    }
  }
}

function ones(bits) {
  let count = 0;
  for (; bits; bits &= bits - 1) count += 1;
  return count;
}

function distance(a, b, most) {
  // Letters put in, left out, replaced or swapped with the next; more than `most` is as good as endless.
  let before = [], last = [...Array(b.length + 1).keys()];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
      least = Math.min(least, row[j]);
    }
    if (least > most) return most + 1;
    before = last;
    last = row;
  }
  return last[b.length];
}

function scattered(found, query, until) {
  // The letters in this order with little between them: "plcylab" is the policy lab.
  for (let start1 = index.text.indexOf(query[0]); start1 >= 0 && found.size < 60 && performance.now() < until;) {
    const place = ownerAt(start1), name = nameAt(place);
    let at = name.indexOf(query[0]);
    const first = at;
    for (let letter = 1; letter < query.length && at >= 0; letter += 1) at = name.indexOf(query[letter], at + 1);
    if (at >= 0 && at - first + 1 <= query.length * 2) found.set(place, 30 * query.length / (at - first + 1));
    start1 = place + 1 < index.starts.length ? index.text.indexOf(query[0], index.starts[place + 1]) : -1;
  }
}

// ---- A field with a list of hits under it: the search of the page, and the ends of a path -------------

function finder(input, list, take) {
  let hits1 = [], active = 0;
  const option = (number1) => `${list.id}-${number1}`;
  const mark = () => {
    [...list.children].forEach((item, number1) => item.setAttribute('aria-selected', String(number1 === active && hits1.length > 0)));
    if (hits1.length && !list.hidden) {
      input.setAttribute('aria-activedescendant', option(active));
      $(option(active)).scrollIntoView({block: 'nearest'});
    } else input.removeAttribute('aria-activedescendant');
  };
  const close = () => { list.hidden = true; input.setAttribute('aria-expanded', 'false'); input.removeAttribute('aria-activedescendant'); };
  const choose = (number1) => { const hit = hits1[number1]; if (hit) { close(); take(hit.node); } };
  const showHits = () => {
    hits1 = search(input.value);
    active = 0;
    const open = Boolean(input.value.trim());
    list.hidden = !open;
    input.setAttribute('aria-expanded', String(open));
    list.replaceChildren(...(hits1.length ? hits1.map(({node, alias}, number1) => {
      const item = make('li', {role: 'option', id: option(number1)}, swatchOf(node), make('span', {class: 'name'}, make('bdi', {}, shorten(graph.label[node], 120))),
        make('span', {class: 'more'}, alias ? shorten(alias, 28) : kindName(kindOf(node))));
      item.addEventListener('pointerdown', (event) => { event.preventDefault(); choose(number1); });
      return item;
    }) : [make('li', {class: 'none', role: 'option', 'aria-disabled': 'true', 'aria-selected': 'false'}, 'Nothing is called that')]));
    mark();
  };
  input.addEventListener('input', showHits);
  input.addEventListener('blur', close);
  input.addEventListener('focus', () => { input.select(); });
  input.addEventListener('keydown', (event) => {
    const step1 = new Map([['ArrowDown', 1], ['ArrowUp', -1]]).get(event.key);
    if (step1 && hits1.length && !list.hidden) { active = (active + step1 + hits1.length) % hits1.length; mark(); event.preventDefault(); }
    else if (event.key === 'Enter') { event.preventDefault(); choose(active); }
    else if (event.key === 'Escape') { if (input.value) { input.value = ''; showHits(); } else input.blur(); event.preventDefault(); }
    event.stopPropagation();
  });
}
