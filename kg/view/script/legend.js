// The legend is the filter: kinds with their counts, what colours mean, and what else can be left out.

function tally(column, count) {
  const counts = new Int32Array(count);
  for (const value of column) if (value >= 0 && value < count) counts[value] += 1;
  return counts;
}

function box(name, checked, change, ...words) {
  const input = make('input', {type: 'checkbox', id: name});
  input.checked = checked;
  input.addEventListener('change', () => change(input.checked));
  return make('label', {}, input, ...words);
}

function toggled(set, value, on) {
  const next = new Set(set);
  if (on) next.delete(value); else next.add(value);
  return next;
}

function hideKind(kind, on) {
  const now = state(), hidden = toggled(now.hidden, kind, on);
  const lost = now.node !== undefined && hidden.has(graph.kind[now.node]);
  go({hidden, ...(lost ? {node: undefined, other: undefined} : {}), ...(lost && now.mode === 'focus' ? {mode: 'map', around: undefined} : {})});
}

function buildLegend(now) {
  const focus = document.activeElement?.id;
  legendKinds(now);
  legendCommunities();
  for (const button of document.querySelectorAll('[data-colour]')) button.setAttribute('aria-pressed', String(button.dataset.colour === now.colour));
  $('colour-by').hidden = graph.communities.length < 2;
  legendFilters(now);
  if (focus && document.activeElement?.id !== focus) $(focus)?.focus();
}

function legendKinds(now) {
  buildLegend.kinds ||= tally(graph.kind, graph.kinds.length);
  $('kinds').replaceChildren(...graph.kinds.map((kind, number1) => make('li', {}, box(`kind-${number1}`, !now.hidden.has(number1), (on) => hideKind(number1, on),
    swatch({...kind, tone: now.colour === 'kind' ? kind.tone : 8}), make('span', {class: 'name'}, kind.plural ? titled(kind.plural) : kindName(kind)),
    make('span', {class: 'count'}, buildLegend.kinds[number1].toLocaleString('en'))))));
}

function legendCommunities() {
  const coloured = graph.communities.filter(({tone, name}) => tone < 8 && name);
  $('communities').hidden = colouring.by !== 'community' || coloured.length < 2;
  const rest = graph.communities.length - coloured.length;
  $('communities').replaceChildren(...coloured.map((island) => make('li', {}, make('button', {type: 'button', class: 'go', title: 'Open this community', click: () => openIsland(island.number)},
    swatch({shape: 'dot', tone: islandTone(island), filled: true}), make('span', {class: 'name'}, make('bdi', {}, island.name)), make('span', {class: 'count'}, (island.nodes || 0).toLocaleString('en'))))),
  ...(rest > 0 ? [make('li', {class: 'hint'}, swatch({shape: 'dot', tone: 8, filled: true}), `${rest} smaller ones in grey`)] : []));
}

function legendFilters(now) {
  buildLegend.properties ||= tally(graph.property, graph.properties.length);
  $('properties').replaceChildren(...graph.properties.map((property, number1) => make('li', {}, box(`property-${number1}`, !now.dropped.has(number1),
    (on) => go({dropped: toggled(state().dropped, number1, on)}), make('span', {class: 'name'}, titled(propertyLabel(number1))),
    make('span', {class: 'count'}, buildLegend.properties[number1].toLocaleString('en'))))));
  // Thousands of themes are listed once somebody looks, not before.
  for (const name of ['theme', 'country']) if (now[name] !== undefined || $('filters').open) facetChoice(name, now[name]);
  const guesses = graph.suggested.includes(1) || graph.guess.size > 0;
  $('guesses').parentElement.hidden = !guesses;
  $('guesses').checked = now.guesses;
  const any = now.hidden.size + now.dropped.size + (now.theme !== undefined) + (now.country !== undefined) + !now.guesses;
  $('unfilter').hidden = !any;
  $('filter-mark').textContent = any ? `${any} on` : '';
}

const MOST_CHOICES = 1000;      // the most important; more make a menu that nobody reads

function facetChoice(name, chosen) {
  const select = $(`only-${name}`), kind = graph.kinds.findIndex((each) => each.name.toLowerCase() === name);
  if (!select.dataset.filled) {
    const members = kind < 0 ? [] : [...graph.label.keys()].filter((node) => graph.kind[node] === kind).slice(0, MOST_CHOICES);
    if (chosen !== undefined && !members.includes(chosen)) members.push(chosen);
    const sorted = members.map((node) => [folded(graph.label[node]), node]).sort(([a], [b]) => (a < b ? -1 : 1));
    select.dataset.filled = 'yes';
    select.append(make('option', {value: ''}, 'any'), ...sorted.map(([, node]) => make('option', {value: node}, shorten(graph.label[node], 60))));
    select.addEventListener('change', () => go({[name]: select.value === '' ? undefined : Number(select.value)}));
    select.parentElement.hidden = members.length < 2;
  }
  select.value = chosen === undefined ? '' : String(chosen);
}

function unfilter() {
  go({hidden: new Set(), dropped: new Set(), theme: undefined, country: undefined, guesses: true});
}
