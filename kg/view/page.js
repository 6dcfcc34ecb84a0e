'use strict';
// The page in the browser. The address is the only state: a pick writes the hash, the hash is read,
// and everything is shown from it, so that links, reload and the back button need no code of their own.
//
//   read the data · state in the address · words and shapes · the scene · labels · panel · table · search · wiring
//
// Everything that comes from a note is put into text nodes. Nodes are known by their number; names
// are looked up in Maps, since a name may be "__proto__".
(() => {

// ---- Read the data ---------------------------------------------------------------------------

const $ = (id) => document.getElementById(id);
const data = JSON.parse($('data').textContent);
const PROPERTY = 2, SENTENCES = 3, ALL = 4, GUESS = 5;  // places in a row of data.edges
const nodes = data.nodes.map(([iri, label, kind, path, url, aliases, size, degree, guess], id) =>
  ({id, iri, label, kind, path, url, aliases, size, degree, guess, out: [], into: [], near: new Map(), words: [label, ...aliases].map(folded)}));
const byIri = new Map(nodes.map((node) => [node.iri, node]));
const kindNumbers = new Map(data.kinds.map(({name}, number) => [name, number]));
data.edges.forEach(([from, to], number) => {
  nodes[from].out.push(number);
  if (from === to) return;
  nodes[to].into.push(number);
  for (const [one, other] of [[from, to], [to, from]]) {
    const known = nodes[one].near.get(other);
    if (known) known.push(number);
    else nodes[one].near.set(other, [number]);
  }
});

function folded(text) {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/ß/g, 'ss').replace(/[\s_\-/]+/g, ' ').trim();
}

// ---- State in the address --------------------------------------------------------------------

function state() {
  const query = new URLSearchParams(location.hash.slice(1));
  const fresh = [...query].length === 0;
  const start = fresh && data.focus !== null ? nodes[data.focus] : undefined;
  const node = start || byIri.get(query.get('node'));
  const other = node && byIri.get(query.get('to'));
  const depth = start ? data.depth : Number(query.get('depth'));
  const hidden = new Set(query.getAll('hide').map((name) => kindNumbers.get(name)).filter((kind) => kind !== undefined));
  // What is not in the whole picture can only be shown in a neighbourhood.
  const deep = node && [1, 2, 3].includes(depth) ? depth : node && !placed.has(node.id) ? 1 : 0;
  const around = deep ? byIri.get(query.get('around')) || node : undefined;
  if (node) hidden.delete(node.kind);
  if (around) hidden.delete(around.kind);
  return {
    node, around, hidden, depth: deep,
    other: other && node.near.has(other.id) ? other : undefined,
    table: query.get('view') === 'table',
    lost: query.has('node') && !node,
  };
}

function go(change) {
  const next = {...state(), ...change};
  const query = new URLSearchParams();
  if (next.node) query.set('node', next.node.iri);
  if (next.node && next.other) query.set('to', next.other.iri);
  if (next.node && next.depth) query.set('depth', next.depth);
  if (next.node && next.depth && next.around && next.around !== next.node) query.set('around', next.around.iri);
  for (const kind of [...next.hidden].sort((a, b) => a - b)) query.append('hide', data.kinds[kind].name);
  if (next.table) query.set('view', 'table');
  else if ([...query].length === 0) query.set('view', 'graph');
  location.hash = query.toString();
}

function pick(node, other) {
  const {depth, around} = state();
  // A neighbourhood stays while the node is in it, and moves along to one that is not.
  if (depth) go({node, other, around: scene.at.has(node.id) ? around : node});
  else go({node, other, around: node, depth: placed.has(node.id) ? 0 : 1});
}

function nothing() {
  go({node: undefined, other: undefined, around: undefined, depth: 0});
}

// ---- Words and shapes ------------------------------------------------------------------------

const plural = (count, word) => `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`;
const spaced = (name) => name.replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2').toLowerCase();
const titled = (name) => name.charAt(0).toUpperCase() + name.slice(1);
const kindOf = (node) => data.kinds[node.kind];

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === 'click') element.addEventListener('click', value);
    else if (value !== false && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== undefined && child !== null));
  return element;
}

const OUTLINES = new Map(Object.entries({
  dot: 'M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12Z', square: 'M2.5 2.5h11v11h-11Z', diamond: 'M8 1 15 8 8 15 1 8Z',
  triangle: 'M8 1.8 15 14H1Z', triangleDown: 'M8 14.2 1 2h14Z', hexagon: 'M4.5 2h7L15 8l-3.5 6h-7L1 8Z',
  star: 'm8 .8 2.1 4.9 5.3.5-4 3.5 1.2 5.2L8 12.1l-4.6 2.8 1.2-5.2-4-3.5 5.3-.5Z',
}));

function swatch(kind) {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  const path = document.createElementNS(space, 'path');
  for (const [name, value] of [['class', `swatch tone-${kind.tone}`], ['viewBox', '0 0 16 16'], ['aria-hidden', 'true']]) svg.setAttribute(name, value);
  for (const [name, value] of [['d', OUTLINES.get(kind.shape)], ['fill', kind.filled ? 'currentColor' : 'none'], ['stroke', 'currentColor'], ['stroke-width', kind.filled ? 0 : 2]]) path.setAttribute(name, value);
  svg.append(path);
  return svg;
}

function outward(address, attributes, ...children) {
  if (!/^https?:\/\//i.test(address)) return undefined;
  return make('a', {...attributes, href: address, target: '_blank', rel: 'noopener noreferrer'}, ...children);
}

// ---- The scene: which nodes are live, where, and which lines between them ------------------------

const placed = new Map(data.picture.nodes.map((node) => [node.id, node]));     // made by pyvis
const still = matchMedia('(prefers-reduced-motion: reduce)');
let scene = {key: '', at: new Map(), more: 0};
let hovered;
const drawn = {nodes: new vis.DataSet(), edges: new vis.DataSet()};
let network, colours;

function neighbourhood(start, depth, hidden) {
  const hops = new Map([[start, 0]]);
  let ring = [start];
  for (let hop = 1; hop <= depth; hop += 1) {
    const next = new Set();
    for (const id of ring) for (const other of nodes[id].near.keys()) if (!hops.has(other) && !hidden.has(nodes[other].kind)) next.add(other);
    ring = [...next].sort((a, b) => a - b);        // numbers run from the most important down
    for (const id of ring) hops.set(id, hop);
  }
  return hops;
}

function rings(hops) {
  // Hop 1 is sorted by kind around the middle, so that each kind makes a sector; a node farther out
  // stands where its neighbours one hop nearer stand.
  const at = new Map(), angles = new Map();
  const box = $('graph').getBoundingClientRect();
  const room = margins(box), wide = box.width ? Math.min(1.6, Math.max(0.6, (box.width - 2 * room.side) / Math.max(1, box.height - room.top - room.bottom))) : 1;
  let radius = 0;
  for (let hop = 0; hop <= 3; hop += 1) {
    const ids = [...hops].filter(([, far]) => far === hop).map(([id]) => id);
    if (hop === 0) { at.set(ids[0], {x: 0, y: 0}); angles.set(ids[0], 0); continue; }
    if (!ids.length) break;
    const wish = new Map(ids.map((id, place) => [id, hop === 1 ? place : bearing(id, hop, hops, angles)]));
    if (hop === 1) ids.sort((a, b) => nodes[a].kind - nodes[b].kind || (folded(nodes[a].label) < folded(nodes[b].label) ? -1 : 1));
    else ids.sort((a, b) => wish.get(a) - wish.get(b) || a - b);
    const step = hop === 1 ? 46 : 34;
    radius += hop === 1 ? Math.max(170, Math.min(360, ids.length * step / 6.3)) : 110;
    // A full circle goes on in wider ones, every second or third node out, so that all go all the way round.
    const circles = Math.max(1, Math.round(ids.length * step / (2 * Math.PI * radius * Math.sqrt(wide))));
    ids.forEach((id, place) => {
      const angle = -Math.PI / 2 + 2 * Math.PI * (place + 0.5) / ids.length;
      const reach = radius + 46 * (place % circles);
      angles.set(id, angle);
      at.set(id, {x: Math.cos(angle) * reach * wide, y: Math.sin(angle) * reach});
    });
    radius += 46 * (circles - 1);
  }
  return at;
}

function bearing(id, hop, hops, angles) {
  let x = 0, y = 0;
  for (const other of nodes[id].near.keys()) if (hops.get(other) === hop - 1) { x += Math.cos(angles.get(other)); y += Math.sin(angles.get(other)); }
  return (Math.atan2(y, x) + Math.PI * 2.5) % (2 * Math.PI);      // from the top, clockwise
}

function lines(at, first) {
  // data.edges comes with the most telling first; those of the picked node go before all others.
  const found = new Map();
  const take = ([from, to]) => {
    if (from === to || found.size >= data.limits.links || !at.has(from) || !at.has(to)) return;
    const key = from < to ? `${from}-${to}` : `${to}-${from}`;
    const line = found.get(key) || {id: key, from, to, back: false, guess: (nodes[from].near.get(to) || []).every((number) => data.edges[number][GUESS])};
    line.back = line.back || line.from !== from;
    found.set(key, line);
  };
  if (first !== undefined) for (const number of [...nodes[first].out, ...nodes[first].into]) take(data.edges[number]);
  // The whole picture has its links chosen already, among all of the graph's.
  (shown.depth ? data.edges : data.picture.links).forEach(take);
  return [...found.values()];
}

function arrange(now) {
  const key = JSON.stringify([now.around?.id, now.depth, [...now.hidden].sort()]);
  const moved = key !== scene.key;
  if (moved) {
    let at, more = 0;
    if (now.depth) {
      const hops = neighbourhood(now.around.id, now.depth, now.hidden);
      const kept = [...hops].slice(0, data.limits.nodes);
      more = hops.size - kept.length;
      at = rings(new Map(kept));
    } else {
      at = new Map([...placed].filter(([id]) => !now.hidden.has(nodes[id].kind)));
    }
    scene = {key, at, more, depth: now.depth};
    drawn.nodes.clear();
    drawn.nodes.add([...at].map(([id, spot]) => ({size: nodes[id].size, shape: kindOf(nodes[id]).shape, ...spot, id, ...dress(nodes[id])})));
  }
  const shown = lines(scene.at, now.node && scene.at.has(now.node.id) ? now.node.id : undefined);
  scene.lines = shown;
  drawn.edges.clear();
  drawn.edges.add(shown.map((line) => ({id: line.id, from: line.from, to: line.to, dashes: line.guess ? [2, 5] : false})));
  paint(now);
  if (moved) frame(false);
}

function margins({width}) {
  // Room for labels at the sides, and for the cards that lie over the canvas.
  const around = Boolean(shown.depth);
  return {side: Math.min(around ? 200 : 60, width * (around && width > 700 ? 0.2 : 0.08)), top: width < 700 ? 76 : around ? 64 : 30, bottom: 40};
}

function frame(slowly) {
  const box = $('graph').getBoundingClientRect();
  const spots = [...scene.at.values()];
  if (!spots.length || !box.width || !box.height) return;
  const low = {x: Math.min(...spots.map(({x}) => x)), y: Math.min(...spots.map(({y}) => y))};
  const high = {x: Math.max(...spots.map(({x}) => x)), y: Math.max(...spots.map(({y}) => y))};
  const {side, top, bottom} = margins(box);
  const scale = Math.min((box.width - 2 * side) / Math.max(1, high.x - low.x), (box.height - top - bottom) / Math.max(1, high.y - low.y), 1.25);
  const position = {x: (low.x + high.x) / 2, y: (low.y + high.y) / 2 + (bottom - top) / 2 / scale};
  scene.fit = scale;
  network.moveTo({position, scale, animation: slowly && !still.matches && {duration: 260, easingFunction: 'easeInOutQuad'}});
  resize(scale);
}

function resize(scale) {
  // Nodes grow by the root of the zoom only: distances tell more when zoomed in, and dots stay visible
  // when zoomed out. In steps, since every change goes through all nodes.
  const swell = Math.min(1.6, Math.max(0.5, 2 ** (-Math.round(Math.log2(scale) * 2) / 4)));
  if (swell === scene.swell) return;
  scene.swell = swell;
  drawn.nodes.update([...scene.at.keys()].map((id) => ({id, size: nodes[id].size * swell})));
  paint(shown);
}

// ---- Colours and labels on the canvas ------------------------------------------------------------

function readColours() {
  const style = getComputedStyle(document.documentElement);
  const get = (name) => style.getPropertyValue(`--${name}`).trim();
  colours = {ground: get('ground'), ink: get('ink'), muted: get('muted'), edge: get('edge'), accent: get('accent'), island: get('island'),
    tones: [0, 1, 2, 3, 4, 5, 6, 7, 8].map((tone) => get(`tone-${tone}`))};
}

function dress(node) {
  const {tone, filled} = kindOf(node);
  // vis-network draws borders as wide at any zoom: a border in another colour would eat small nodes.
  const look = {background: filled ? colours.tones[tone] : colours.ground, border: colours.tones[tone]};
  if (node.guess) Object.assign(look, {background: colours.ground});
  return {color: {...look, highlight: look, hover: look}, borderWidth: filled && !node.guess ? 0 : 2, shapeProperties: {borderDashes: node.guess ? [2, 3] : false}};
}

function lit(now) {
  const main = hovered ?? (now.node && scene.at.has(now.node.id) ? now.node.id : undefined);
  if (main === undefined) return undefined;
  if (hovered === undefined && now.other) return new Set([main, now.other.id]);
  // In its own neighbourhood all is about the node in the middle, so nothing is dimmed for it.
  return main === now.around?.id ? new Set(scene.at.keys()) : new Set([main, ...nodes[main].near.keys()]);
}

function paint(now) {
  const bright = lit(now);
  const main = hovered ?? now.node?.id;
  const calm = bright && bright.size >= scene.at.size;
  const few = scene.lines.filter(({from, to}) => from === main || to === main).length <= 30;
  const thin = (scene.swell || 1) ** 1.5;
  scene.bright = bright;
  drawn.nodes.update([...scene.at.keys()].map((id) => ({id, opacity: !bright || bright.has(id) ? 1 : 0.16})));
  drawn.edges.update(scene.lines.map(({id, from, to, back}) => {
    const strong = bright && (from === main || to === main) && bright.has(from) && bright.has(to);
    const color = strong ? colours.accent : colours.edge;
    return {
      id, width: (strong && few ? 1.6 : 1) * thin, color: {color, hover: color, highlight: color, opacity: strong ? (few ? 0.8 : 0.4) : bright && !calm ? 0.07 : 0.24},
      arrows: {to: {enabled: Boolean(strong && few), scaleFactor: 0.4}, from: {enabled: Boolean(strong && few && back), scaleFactor: 0.4}},
    };
  }));
}

const island = new Map(data.picture.islands.flatMap((members, number) => members.map((id) => [id, number])));

function drawIslands(context) {
  if (scene.depth) return;
  context.save();
  context.fillStyle = context.strokeStyle = colours.island;
  context.lineJoin = context.lineCap = 'round';
  // A disc under every node and a broad band under every link inside the island, all in one colour.
  const at = network.getPositions();
  context.beginPath();
  for (const {x, y} of [...island.keys()].map((id) => at[id]).filter(Boolean)) { context.moveTo(x, y); context.arc(x, y, 34, 0, 2 * Math.PI); }
  context.fill();
  context.lineWidth = 46;
  context.beginPath();
  for (const [from, to] of data.picture.links) {
    const a = at[from], b = at[to];
    if (!a || !b || !island.has(from) || island.get(from) !== island.get(to) || Math.hypot(a.x - b.x, a.y - b.y) > 150) continue;
    context.moveTo(a.x, a.y);
    context.lineTo(b.x, b.y);
  }
  context.stroke();
  context.restore();
}

const widths = new Map();
function measure(context, text, font) {
  const key = `${font} ${text}`;
  if (!widths.has(key)) widths.set(key, context.measureText(text).width);
  return widths.get(key);
}

function shorten(text, most) {
  const letters = [...text];
  return letters.length > most ? `${letters.slice(0, most - 1).join('').trimEnd()}…` : text;
}

// Labels are ours, not vis-network's: always 12 pixels, most important first, and none over another.
function drawLabels(context) {
  const now = shown;
  const scale = network.getScale(), ratio = context.canvas.width / context.canvas.clientWidth || 1;
  const origin = network.canvasToDOM({x: 0, y: 0}), at = network.getPositions();
  const {clientWidth: width, clientHeight: height} = context.canvas;
  const main = hovered ?? now.node?.id;
  const bright = scene.bright;
  const zoomed = scale / (scene.fit || scale);
  let left = scene.depth ? Infinity : Math.round(Math.min(width, height) / 20 * Math.max(1, zoomed) ** 2);
  const discs = [], order = [];
  for (const id of scene.at.keys()) {
    if (!at[id]) continue;
    const disc = {id, x: origin.x + at[id].x * scale, y: origin.y + at[id].y * scale, r: Math.max(2, nodes[id].size * (scene.swell || 1) * scale)};
    if (disc.x < -80 || disc.y < -20 || disc.x > width + 80 || disc.y > height + 20) continue;
    discs.push(disc);
    if (!bright || bright.has(id)) order.push(disc);
  }
  const weight = (id) => (id === main ? 2e9 : id === now.node?.id ? 1e9 : 0) + nodes[id].size * 1000 - id / 10;
  order.sort((a, b) => weight(b.id) - weight(a.id));
  context.save();
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  if (now.node) for (const disc of discs) if (disc.id === now.node.id || disc.id === now.other?.id) ring(context, disc);
  const boxes = cards();
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  for (const disc of order) {
    if (left <= 0 && disc.id !== main) break;
    const strong = disc.id === main || disc.id === now.node?.id || disc.id === now.other?.id;
    const font = `${strong ? '650 13px' : '12px'} system-ui, -apple-system, "Segoe UI", Roboto, sans-serif`;
    context.font = font;
    const text = shorten(nodes[disc.id].label, strong ? 60 : scene.depth ? 28 : 34);
    const box = place(disc, measure(context, text, font), boxes, discs, strong, width);
    if (!box) continue;
    boxes.push(box);
    left -= 1;
    context.strokeStyle = colours.ground;
    context.lineWidth = 4;
    context.fillStyle = colours.ink;
    context.globalAlpha = strong ? 1 : 0.88;
    context.strokeText(text, box.x, box.y + box.h / 2);
    context.fillText(text, box.x, box.y + box.h / 2);
  }
  context.restore();
}

function cards() {
  // What lies over the canvas is in the way of labels, like other labels.
  const canvas = $('graph').getBoundingClientRect();
  return [...document.querySelectorAll('#stage > .card:not([hidden]), #status')].map((card) => {
    const {x, y, width, height} = card.getBoundingClientRect();
    return {x: x - canvas.x, y: y - canvas.y, w: width, h: height};
  });
}

function ring(context, disc) {
  context.beginPath();
  context.arc(disc.x, disc.y, disc.r + 5, 0, 2 * Math.PI);
  context.strokeStyle = colours.accent;
  context.lineWidth = 2.5;
  context.stroke();
}

function place({id, x, y, r}, w, boxes, discs, strong, width) {
  const h = 16, gap = r + 5;
  const right = {x: x + gap, y: y - h / 2, w, h}, leftward = {x: x - gap - w, y: y - h / 2, w, h};
  const below = {x: x - w / 2, y: y + gap - 2, w, h}, above = {x: x - w / 2, y: y - gap - h + 2, w, h};
  const outer = scene.depth && scene.at.get(id) && scene.at.get(id).x < 0;
  const tries = !scene.depth ? [right, below, above, leftward] : [outer ? leftward : right, below, above];
  const clear = (box) => box.x > 3 && box.x + box.w < width - 3 && boxes.every((other) => box.x > other.x + other.w + 6 || other.x > box.x + box.w + 6 || box.y > other.y + other.h || other.y > box.y + box.h);
  const free = (box, least = 0) => clear(box) && discs.every((disc) => disc.id === id || nodes[disc.id].size < least || disc.x + disc.r < box.x - 1 || disc.x - disc.r > box.x + box.w + 1 || disc.y + disc.r < box.y + 2 || disc.y - disc.r > box.y + box.h - 2);
  // The most important nodes are named even if the name hides a lesser node.
  return tries.find((box) => free(box)) || (strong ? below : nodes[id].size > 16 ? [below, right, above, leftward].find((box) => free(box, 12)) : undefined);
}

// ---- The panel -----------------------------------------------------------------------------------

const FIRST = 30;              // ends of a property listed before "show all"

function goTo(node, attributes) {
  return make('button', {type: 'button', class: 'go', click: () => pick(node), ...attributes}, swatch(kindOf(node)), make('span', {}, node.label));
}

function kindLine(node) {
  return make('span', {class: 'kind'}, swatch(kindOf(node)), titled(kindOf(node).name) + (node.guess ? ', suggested' : ''));
}

function proof(number) {
  const [path, line, text, timecode, moment] = data.sentences[number];
  const file = data.paths[path];
  const where = make('div', {class: 'where'}, file ? make('code', {}, line ? `${file}:${line}` : file) : null,
    outward(moment, {class: 'play', 'aria-label': `Play at ${timecode || 'the moment'}`}, `▶ ${timecode || 'play'}`));
  return make('div', {class: 'proof'}, text ? make('p', {}, text) : null, where);
}

function proofs(number) {
  const row = data.edges[number];
  const found = row[SENTENCES].map(proof);
  const more = row[ALL] - found.length;
  if (more > 0) found.push(make('p', {class: 'hint'}, found.length ? `and ${more} more` : `${plural(more, 'sentence')}, not kept in this page`));
  return found;
}

function group(property, incoming, numbers) {
  const list = make('ul', {class: 'ends'});
  const item = (number) => make('li', {}, goTo(nodes[data.edges[number][incoming ? 0 : 1]]),
    data.edges[number][GUESS] ? make('span', {class: 'hint'}, ' suggested') : null, ...proofs(number));
  const ordered = [...numbers].sort((a, b) => data.edges[a][incoming ? 0 : 1] - data.edges[b][incoming ? 0 : 1]);
  list.append(...ordered.slice(0, FIRST).map(item));
  const rest = ordered.slice(FIRST);
  const all = make('button', {type: 'button', class: 'plain', click: () => { list.append(...rest.map(item)); all.remove(); }}, `Show ${rest.length} more`);
  return [
    make('h3', {}, make('span', {'aria-hidden': 'true'}, incoming ? '←' : '→'), make('span', {}, make('span', {class: 'unseen'}, incoming ? 'incoming: ' : 'outgoing: '), spaced(data.properties[property])),
      make('span', {class: 'count'}, String(numbers.length))),
    list, rest.length ? all : null,
  ];
}

function groups(node) {
  const found = [];
  for (const [numbers, incoming] of [[node.out, false], [node.into, true]]) {
    const sorted = new Map();
    for (const number of numbers) {
      const property = data.edges[number][PROPERTY];
      sorted.set(property, [...(sorted.get(property) || []), number]);
    }
    for (const property of [...sorted.keys()].sort((a, b) => a - b)) found.push(...group(property, incoming, sorted.get(property)));
  }
  return found;
}

function closeButton() {
  return make('button', {type: 'button', class: 'icon', 'aria-label': 'Close details', click: nothing}, '×');
}

function fact(name, value) {
  return value ? [make('dt', {}, name), make('dd', {}, value)] : [];
}

function nodePanel(node, now) {
  const live = [...node.near.keys()].filter((id) => scene.at.has(id)).length;
  const around = make('button', {type: 'button', class: 'plain', click: () => go({node, other: undefined, around: node, depth: 1})}, 'Show neighbourhood');
  return [
    make('div', {class: 'top'}, kindLine(node), closeButton()),
    make('h2', {}, node.label),
    kindOf(node).name === 'missing' ? make('p', {class: 'hint'}, 'Linked to, but not written yet.') : null,
    make('dl', {class: 'facts'},
      ...fact('File', node.path && make('code', {}, node.path)),
      ...fact('Also', node.aliases.join(' · ')),
      ...fact('Neighbours', `${node.degree.toLocaleString('en')}${live < node.degree && !now.table ? `, ${live} of them in the picture` : ''}`),
      ...fact('Address', outward(node.url, {}, node.url))),
    make('div', {class: 'actions'}, now.around === node ? null : around),
    ...groups(node),
  ];
}

function linkPanel(one, other) {
  const parts = [];
  for (const number of [...one.near.get(other.id)].sort((a, b) => data.edges[a][0] === one.id ? -1 : 1)) {
    const [from, to, property] = data.edges[number];
    parts.push(make('h3', {}, `${spaced(data.properties[property])}${data.edges[number][GUESS] ? ' (suggested)' : ''}`), make('p', {class: 'hint'}, `${nodes[from].label} → ${nodes[to].label}`), ...proofs(number));
  }
  return [
    make('div', {class: 'top'}, make('span', {class: 'kind'}, 'Link'), closeButton()),
    make('h2', {class: 'unseen'}, `${one.label} and ${other.label}`),
    make('ul', {class: 'ends'}, make('li', {}, goTo(one)), make('li', {}, goTo(other))),
    ...parts,
  ];
}

function overview() {
  const list = make('ul', {class: 'ends'}, ...nodes.slice().sort((a, b) => b.size - a.size || a.id - b.id).slice(0, 15).map((node) => make('li', {}, goTo(node))));
  return [
    make('h2', {}, data.title),
    make('p', {class: 'hint'}, counted()),
    make('p', {class: 'hint'}, 'Pick a node or a line to see the sentences behind it.'),
    make('h3', {}, 'Most important'), list,
  ];
}

function counted() {
  const {total} = data;
  const carried = nodes.length < total.nodes || data.edges.length < total.edges
    ? ` This page carries ${plural(nodes.length, 'node')} and ${plural(data.edges.length, 'statement')} of ${total.edges.toLocaleString('en')}.` : '';
  return `${plural(total.nodes, 'node')}, ${plural(total.links, 'link')}.${carried}`;
}

function showPanel(now) {
  const panel = $('panel');
  panel.replaceChildren(...(now.other ? linkPanel(now.node, now.other) : now.node ? nodePanel(now.node, now) : overview()).filter(Boolean));
  panel.scrollTop = 0;
}

// ---- Legend, table, status -------------------------------------------------------------------------

function buildLegend() {
  const counts = data.kinds.map((_, kind) => nodes.filter((node) => node.kind === kind).length);
  $('kinds').append(...data.kinds.map((kind, number) => {
    const box = make('input', {type: 'checkbox', checked: '', id: `kind-${number}`});
    box.addEventListener('change', () => {
      const {hidden, node} = state();
      if (box.checked) hidden.delete(number); else hidden.add(number);
      go(node && hidden.has(node.kind) ? {hidden, node: undefined, other: undefined, around: undefined, depth: 0} : {hidden});
    });
    return make('li', {}, make('label', {}, box, swatch(kind), make('span', {class: 'name'}, titled(kind.name)), make('span', {class: 'count'}, counts[number].toLocaleString('en'))));
  }));
}

let sorting = {column: 'degree', up: false};
const COLUMNS = new Map(Object.entries({
  label: (node) => folded(node.label), kind: (node) => node.kind, degree: (node) => node.degree, path: (node) => node.path,
}));

function showTable(now) {
  const value = COLUMNS.get(sorting.column);
  const rows = nodes.filter((node) => !now.hidden.has(node.kind)).map((node) => [value(node), node]);
  rows.sort(([a, one], [b, other]) => (a < b ? -1 : a > b ? 1 : 0) * (sorting.up ? 1 : -1) || one.id - other.id);
  for (const head of document.querySelectorAll('th[data-column]')) {
    if (head.dataset.column === sorting.column) head.setAttribute('aria-sort', sorting.up ? 'ascending' : 'descending');
    else head.removeAttribute('aria-sort');
  }
  $('list-caption').textContent = rows.length === nodes.length ? counted() : `${plural(rows.length, 'node')} of these kinds. In all ${counted()}`;
  $('rows').replaceChildren(...rows.map(([, node]) => make('tr', {class: node === now.node ? 'picked' : undefined},
    make('td', {}, make('button', {type: 'button', class: 'go', click: () => pick(node)}, node.label)),
    make('td', {}, kindLine(node)), make('td', {}, node.degree.toLocaleString('en')), make('td', {class: 'wide'}, node.path))));
}

function showStatus(now) {
  const shownNodes = scene.at.size.toLocaleString('en'), all = data.total.nodes.toLocaleString('en');
  const what = now.depth ? `${plural(now.depth, 'hop')} around ${shorten(now.around.label, 40)}: ${shownNodes}${scene.more ? ` of ${(scene.at.size + scene.more).toLocaleString('en')}` : ''} nodes`
    : `${shownNodes} of ${all} nodes`;
  const lost = now.lost ? 'The node in the address is not in this page. ' : '';
  const links = `, ${scene.lines.length.toLocaleString('en')} of ${data.total.links.toLocaleString('en')} links`;
  $('status').replaceChildren(lost, what, make('span', {class: 'wide'}, links), ' shown');
  $('graph').setAttribute('aria-label', `Graph: ${what}. The table view lists the same things.`);
}

// ---- Search ----------------------------------------------------------------------------------------

function score(words, query, parts) {
  if (words === query) return 100;
  if (words.startsWith(query)) return 80;
  if (` ${words}`.includes(` ${query}`)) return 70;
  if (words.includes(query)) return 60;
  if (parts.length > 1 && parts.every((part) => words.includes(part))) return 50;
  let at = -1, first = -1;
  for (const letter of query) {
    at = words.indexOf(letter, at + 1);
    if (at < 0) return 0;
    if (first < 0) first = at;
  }
  // Letters in order but far apart are chance, not a match.
  const spread = at - first + 1;
  return query.length > 2 && spread <= query.length * 2 ? 30 * query.length / spread : 0;
}

function search(text) {
  const query = folded(text), parts = query.split(' ');
  if (!query) return [];
  const found = [];
  for (const node of nodes) {
    let best = 0, by = 0;
    node.words.forEach((words, number) => { const value = score(words, query, parts); if (value > best) { best = value; by = number; } });
    if (best) found.push({node, best, alias: by ? node.aliases[by - 1] : ''});
  }
  return found.sort((a, b) => b.best - a.best || b.node.size - a.node.size || a.node.id - b.node.id).slice(0, 12);
}

let hits = [], active = 0;
function showHits() {
  const input = $('search'), list = $('hits');
  hits = search(input.value);
  active = 0;
  const open = Boolean(input.value.trim());
  list.hidden = !open;
  input.setAttribute('aria-expanded', String(open));
  list.replaceChildren(...(hits.length ? hits.map(({node, alias}, number) => {
    const item = make('li', {role: 'option', id: `hit-${number}`}, swatch(kindOf(node)), make('span', {class: 'name'}, node.label),
      make('span', {class: 'more'}, alias ? shorten(alias, 28) : titled(kindOf(node).name)));
    item.addEventListener('pointerdown', (event) => { event.preventDefault(); take(number); });
    return item;
  }) : [make('li', {class: 'none', role: 'option', 'aria-disabled': 'true'}, 'Nothing is called that')]));
  mark();
}

function mark() {
  [...$('hits').children].forEach((item, number) => item.setAttribute('aria-selected', String(number === active && hits.length > 0)));
  if (hits.length && !$('hits').hidden) {
    $('search').setAttribute('aria-activedescendant', `hit-${active}`);
    $(`hit-${active}`).scrollIntoView({block: 'nearest'});
  } else $('search').removeAttribute('aria-activedescendant');
}

function take(number) {
  const hit = hits[number];
  if (!hit) return;
  closeHits();
  pick(hit.node);
  $('panel').focus();          // so that the keys of the page work again, and a reader hears what was picked
}

function closeHits() {
  $('search').value = '';
  showHits();
}

function searchKey(event) {
  const step = new Map([['ArrowDown', 1], ['ArrowUp', -1]]).get(event.key);
  if (step && hits.length) { active = (active + step + hits.length) % hits.length; mark(); event.preventDefault(); }
  else if (event.key === 'Enter') { event.preventDefault(); take(active); }
  else if (event.key === 'Escape') { if ($('search').value) closeHits(); else $('search').blur(); event.preventDefault(); }
  event.stopPropagation();
}

// ---- Wiring ------------------------------------------------------------------------------------------

let shown = {hidden: new Set()};

function show() {
  const now = state();
  shown = now;
  hovered = undefined;
  $('stage').hidden = now.table;
  $('list').hidden = !now.table;
  $('as-graph').setAttribute('aria-pressed', String(!now.table));
  $('as-table').setAttribute('aria-pressed', String(now.table));
  $('trail').hidden = !now.node;
  $('panel').toggleAttribute('data-idle', !now.node);      // before the canvas is measured: the sheet takes room
  for (const button of document.querySelectorAll('[data-depth]')) button.setAttribute('aria-pressed', String(Number(button.dataset.depth) === now.depth));
  $('whole').hidden = !now.depth;
  data.kinds.forEach((_, kind) => { $(`kind-${kind}`).checked = !now.hidden.has(kind); });
  if (network) { arrange(now); bringIntoView(now); }
  showPanel(now);
  if (now.table) showTable(now);
  showStatus(now);
}

function bringIntoView(now) {
  if (!now.node || now.table || !scene.at.has(now.node.id)) return;
  const at = network.canvasToDOM(network.getPosition(now.node.id)), box = $('graph').getBoundingClientRect();
  const inside = at.x > 40 && at.y > 60 && at.x < box.width - 40 && at.y < box.height - 40;
  if (!inside) network.moveTo({position: network.getPosition(now.node.id), animation: !still.matches && {duration: 260, easingFunction: 'easeInOutQuad'}});
}

function hover(id) {
  if (hovered === id) return;
  hovered = id;
  paint(shown);
}

function clicked({nodes: [node], edges: [edge]}) {
  if (node !== undefined) pick(nodes[node]);
  else if (edge !== undefined) {
    const line = drawn.edges.get(edge);
    const [one, other] = shown.node && line.to === shown.node.id ? [line.to, line.from] : [line.from, line.to];
    go({node: nodes[one], other: nodes[other]});
  } else if (shown.other) go({other: undefined});
  else if (shown.depth) go({node: shown.around});
  else if (shown.node) nothing();
}

function start() {
  $('legend').open = !matchMedia('(max-width: 860px)').matches;
  readColours();
  buildLegend();
  network = new vis.Network($('graph'), drawn, data.picture.options);
  const canvas = $('graph').firstElementChild;      // takes the focus, for moving and zooming with keys
  canvas.setAttribute('role', 'application');
  canvas.setAttribute('aria-label', 'Canvas: arrow keys move, plus and minus zoom. Search and table reach every node.');
  network.on('click', clicked);
  network.on('doubleClick', ({nodes: [node]}) => { if (node !== undefined) go({node: nodes[node], other: undefined, around: nodes[node], depth: 1}); });
  network.on('hoverNode', ({node}) => hover(node));
  network.on('blurNode', () => hover(undefined));
  network.on('zoom', ({scale}) => resize(scale));
  network.on('beforeDrawing', drawIslands);
  network.on('afterDrawing', drawLabels);
  let size = '';
  new ResizeObserver(([{contentRect: {width, height}}]) => {
    const next = `${width} ${height}`;
    if (next === size) return;
    size = next;
    if (!width || !height) return;
    // Whoever has zoomed in keeps the zoom when the sheet comes up or the window changes.
    const scale = network.getScale(), whole = !scene.fit || Math.abs(scale / scene.fit - 1) < 0.01, position = network.getViewPosition();
    network.setSize(`${width}px`, `${height}px`);
    if (whole) frame(false);
    else { network.moveTo({scale, position}); bringIntoView(shown); }
    network.redraw();
  }).observe($('graph'));
}

function zoom(factor) {
  const scale = network.getScale() * factor;
  network.moveTo({scale, animation: !still.matches && {duration: 160, easingFunction: 'easeInOutQuad'}});
  resize(scale);
}

function theme(dark) {
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  $('theme').setAttribute('aria-pressed', String(dark));
  readColours();
  if (!network) return;
  drawn.nodes.update([...scene.at.keys()].map((id) => ({id, ...dress(nodes[id])})));
  paint(shown);
}

function clear() {
  const {node, other} = state();
  if (other) go({other: undefined});
  else if (node) nothing();
}

function widen() {
  const {node} = state();
  if (node && placed.has(node.id)) go({depth: 0});
  else nothing();
}

const KEYS = new Map(Object.entries({
  '/': () => $('search').focus(),
  1: () => deepen(1), 2: () => deepen(2), 3: () => deepen(3),
  0: widen,
  t: () => go({table: !state().table}),
  '?': () => $('about').showModal(),
  Escape: clear,
}));

function deepen(depth) {
  const {node} = state();      // not what is shown: that is a moment behind the address
  if (node) go({depth, around: node, other: undefined, table: false});
}

function key(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || $('about').open || event.target.matches('input[type="search"]')) return;
  const act = KEYS.get(event.key);
  if (act && nodes.length) { event.preventDefault(); act(); }
}

function emptyPage() {
  $('empty').hidden = false;
  $('legend').hidden = $('zoom').hidden = $('status').hidden = $('panel').hidden = true;
  $('main').dataset.empty = '';
  $('search').disabled = $('as-table').disabled = true;
  $('empty-why').textContent = data.wanted.length
    ? `The graph has nothing of the kind ${data.wanted.join(', ')}.`
    : 'The graph has no notes yet. Write a note with a [[link]] in it, build the graph and make this page again.';
}

function wire() {
  $('search').addEventListener('input', showHits);
  $('search').addEventListener('keydown', searchKey);
  $('search').addEventListener('blur', () => { $('hits').hidden = true; $('search').setAttribute('aria-expanded', 'false'); });
  $('search').addEventListener('focus', () => { if ($('search').value) showHits(); });
  $('as-graph').addEventListener('click', () => go({table: false}));
  $('as-table').addEventListener('click', () => go({table: true}));
  $('theme').addEventListener('click', () => theme(document.documentElement.dataset.theme !== 'dark'));
  $('help').addEventListener('click', () => $('about').showModal());
  $('whole').addEventListener('click', widen);
  $('closer').addEventListener('click', () => zoom(1.35));
  $('farther').addEventListener('click', () => zoom(1 / 1.35));
  $('fit').addEventListener('click', () => frame(true));
  for (const button of document.querySelectorAll('[data-depth]')) button.addEventListener('click', () => deepen(Number(button.dataset.depth)));
  for (const head of document.querySelectorAll('th[data-column]')) {
    head.firstElementChild.addEventListener('click', () => {
      const column = head.dataset.column;
      sorting = {column, up: sorting.column === column ? !sorting.up : column !== 'degree'};
      showTable(shown);
    });
  }
  const dark = matchMedia('(prefers-color-scheme: dark)');
  dark.addEventListener('change', () => theme(dark.matches));
  theme(dark.matches);
  document.addEventListener('keydown', key);
}

wire();
if (nodes.length) {
  start();
  window.addEventListener('hashchange', show);
  show();
} else emptyPage();

})();
