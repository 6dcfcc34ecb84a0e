// Where an edge is said: the sentence, the note and its line, and the second of the video to play.

function goTo(node, attributes) {
  return make('button', {type: 'button', class: 'go', click: () => pick(node), ...attributes}, swatchOf(node), make('bdi', {}, graph.label[node]));
}

function kindLine(node) {
  return make('span', {class: 'kind'}, swatch({...kindOf(node), tone: toneOf(node)}), kindName(kindOf(node)) + (graph.guess.has(node) ? ', suggested' : ''));
}

function longList(style, items, item, first = 60) {
  // A list that is shown in portions.
  const list = make('ul', {class: style});
  let from = 0;
  const all = make('button', {type: 'button', class: 'plain'});
  const more = () => {
    list.append(...items.slice(from, from + first).map(item));
    from += first;
    all.textContent = `Show ${Math.min(first, items.length - from)} more of ${(items.length - from).toLocaleString('en')}`;
    if (from >= items.length) all.remove();
  };
  all.addEventListener('click', more);
  more();
  return items.length > first ? [list, all] : [list];
}

function evidenceOf(edge) {
  const first = graph.first[edge];
  const kept = first < 0 ? 0 : graph.kept[edge];
  return [...Array(kept).keys()].map((place) => first + place);
}

function sourceLine(note, line) {
  const path = note >= 0 ? graph.path.get(note) || '' : '';
  if (!path) return null;
  const words = breakable(line > 0 ? `${path}:${line}` : path);
  return make('code', {}, outward(noteAddress(path, line), {}, words) || words);
}

function proof(place) {
  const {note = [], line = [], text = [], video = [], second = [], place: spot = [], timecode = {}, url = {}} = graph.evidence;
  const words = graph.texts[text[place]] || '', at = second[place] ?? -1;
  const when = timecode[spot[place]] || (at >= 0 ? clock(at) : ''), address1 = video[place] >= 0 ? moment(video[place], at) : url[spot[place]];
  const play = outward(address1, {class: 'play', 'aria-label': `Play at ${when || 'the beginning'}`}, `▶ ${when || 'play'}`) || (when ? make('span', {}, when) : null);
  return make('div', {class: 'proof'}, words ? make('p', {}, make('bdi', {}, words)) : null, make('div', {class: 'where'}, sourceLine(note[place] ?? -1, line[place] ?? 0), play));
}

function proofs(edge) {
  const found = evidenceOf(edge).map(proof);
  const more = graph.said[edge] - found.length;
  if (more > 0) found.push(make('p', {class: 'hint'}, found.length ? `and ${more.toLocaleString('en')} more in the graph` : `${plural(more, 'sentence')}, not kept in this page`));
  return found;
}

const guessMark = (edge) => (graph.suggested[edge] ? make('span', {class: 'guess', title: 'Rules suggest this; no note says it outright'}, 'suggested') : null);

function breakable(path) {
  // A long path may go on in the next line after a stroke, not within a word.
  return make('bdi', {}, path.split(/(?<=[/_-])/).flatMap((part) => [part, make('wbr')]).slice(0, -1));
}
