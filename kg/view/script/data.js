// The payload, unpacked: columns of nodes and edges, and who is next to whom.
//
// A node is its number, from the most important down; an edge is its number, too. Names are looked up
// in Maps, since a name may be "__proto__".

const $ = (id) => document.getElementById(id);
const graph = {count: 0, edges: 0};
const took = {};                 // milliseconds that things took, for bench/view.py
const MOST_NODES = 250, MOST_LINKS = 600;      // live at once: vis-network keeps 60 frames a second there

function bytesOf(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const raw = atob(text), bytes = new Uint8Array(raw.length);
  for (let place = 0; place < raw.length; place += 1) bytes[place] = raw.charCodeAt(place);
  return bytes;
}

async function unpacked(element) {
  const text = element.textContent;
  if (element.type === 'application/json') return text;
  element.remove();              // or it would be kept a second time
  const stream = new Blob([bytesOf(text.trim())]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).text();
}

function numbers(list, count, other = 0) {
  const column = new Int32Array(count).fill(other);
  if (list) column.set(list.slice(0, count));
  return column;
}

function readGraph(payload) {
  const {nodes = {}, edges = {}, evidence = {}} = payload;
  const count = (nodes.label || []).length, all = (edges.from || []).length;
  Object.assign(graph, {
    count, edges: all, title: payload.title || '', base: payload.base || '', prefixes: Object.entries(payload.prefixes || {}),
    total: payload.total || {nodes: count, edges: all}, left: payload.left || {}, start: payload,
    id: nodes.id || [], label: nodes.label || [], kind: numbers(nodes.kind, count), rank: numbers(nodes.rank, count),
    degree: numbers(nodes.degree, count), island: numbers(nodes.island, count, -1), sub: numbers(nodes.sub, count, -1),
    path: sparse(nodes.path), url: sparse(nodes.url), aliases: sparse(nodes.aliases), date: sparse(nodes.date), summary: sparse(nodes.summary),
    guess: new Set(Array.isArray(nodes.suggested) ? nodes.suggested : Object.keys(nodes.suggested || {}).map(Number)),
    kinds: payload.kinds || [], properties: payload.properties || [], facets: new Set(payload.facets || []),
    from: numbers(edges.from, all), to: numbers(edges.to, all), property: numbers(edges.property, all),
    first: numbers(edges.evidence, all, -1), said: numbers(edges.count, all), kept: numbers(edges.kept, all),
    suggested: new Uint8Array(all), evidence, texts: payload.texts || [], islands: payload.islands || [], passages: undefined,
    links: payload.links || {},
  });
  for (const edge of edges.suggested || []) graph.suggested[edge] = 1;
  graph.byId = new Map(graph.id.map((id, node) => [id, node]));
  joinEdges();
  placeNodes(nodes);
}

function sparse(column) {
  return new Map(Object.entries(column || {}).map(([node, value]) => [Number(node), value]));
}

function joinEdges() {
  // Edges come sorted by where they start; those that end in a node are counted out.
  const {count, edges, from, to} = graph;
  graph.outStart = new Int32Array(count + 1);
  graph.inStart = new Int32Array(count + 1);
  for (let edge = 0; edge < edges; edge += 1) { graph.outStart[from[edge] + 1] += 1; graph.inStart[to[edge] + 1] += 1; }
  for (let node = 0; node < count; node += 1) { graph.outStart[node + 1] += graph.outStart[node]; graph.inStart[node + 1] += graph.inStart[node]; }
  const next = graph.inStart.slice(), nextOut = graph.outStart.slice();
  graph.into = new Int32Array(edges);
  graph.out = new Int32Array(edges);
  for (let edge = 0; edge < edges; edge += 1) { graph.into[next[to[edge]]++] = edge; graph.out[nextOut[from[edge]]++] = edge; }
}

const SPACING = 45;               // mean distance of nodes on the map, in units of the canvas

function placeNodes({x = [], y = []}) {
  // The map is scaled so that its nodes are SPACING apart on average, however many they are.
  let low = [Infinity, Infinity], high = [-Infinity, -Infinity];
  for (let node = 0; node < graph.count; node += 1) {
    low = [Math.min(low[0], x[node] || 0), Math.min(low[1], y[node] || 0)];
    high = [Math.max(high[0], x[node] || 0), Math.max(high[1], y[node] || 0)];
  }
  const wide = Math.max(1, high[0] - low[0], high[1] - low[1]);
  const factor = SPACING * Math.sqrt(Math.max(4, graph.count)) / wide;
  const middle = [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2];
  graph.x = new Float32Array(graph.count);
  graph.y = new Float32Array(graph.count);
  for (let node = 0; node < graph.count; node += 1) {
    graph.x[node] = ((x[node] || 0) - middle[0]) * factor;
    graph.y[node] = ((y[node] || 0) - middle[1]) * factor;
  }
  graph.islands = graph.islands.map((island, number) => ({
    ...island, number, x: (island.x - middle[0]) * factor, y: (island.y - middle[1]) * factor, r: island.r * factor,
    parent: island.parent ?? -1, tone: island.tone ?? 8,
  }));
  graph.communities = communities();
}

function communities() {
  // What colours tell apart: islands, or the parts of the only one there is; the largest first, eight of them in colour.
  const large = (list) => list.sort((a, b) => (b.nodes || 0) - (a.nodes || 0) || a.number - b.number);
  const all = large(graph.islands.filter(({parent}) => parent < 0));
  if (all.length !== 1) return all;
  const parts = large(graph.islands.filter(({parent}) => parent === all[0].number));
  parts.forEach((part, place) => { part.tone = Math.min(8, place); });
  return parts.length > 1 ? parts : all;
}

function communityOf(node) {
  const sub = graph.islands[graph.sub[node]];
  return sub && graph.communities.includes(sub) ? sub : graph.islands[graph.island[node]];
}

function outEdges(node) { return graph.out.subarray(graph.outStart[node], graph.outStart[node + 1]); }
function inEdges(node) { return graph.into.subarray(graph.inStart[node], graph.inStart[node + 1]); }

function iri(node) {
  const id = graph.id[node], colon = id.indexOf(':');
  const prefix = graph.prefixes.find(([name]) => name === id.slice(0, colon));
  return prefix ? prefix[1] + id.slice(colon + 1) : id;
}

function nodeOf(id) {
  if (id === null || id === undefined) return undefined;
  if (graph.byId.has(id)) return graph.byId.get(id);
  for (const [name, base] of graph.prefixes) {
    const found = id.startsWith(base) ? graph.byId.get(`${name}:${id.slice(base.length)}`) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

// ---- What the filters let through ---------------------------------------------------------------

const shown = {key: '', node: new Uint8Array(0), kinds: new Set(), properties: new Set(), guesses: true, count: 0};

function filter(now) {
  // One pass over the nodes each time a filter changes, so that all else need only look up a byte.
  const key = JSON.stringify([[...now.hidden], [...now.dropped], now.theme, now.country, now.guesses]);
  if (key === shown.key) return false;
  Object.assign(shown, {key, kinds: now.hidden, properties: now.dropped, guesses: now.guesses, node: new Uint8Array(graph.count)});
  const about = [now.theme, now.country].filter((node) => node !== undefined).map((node) => new Set([node, ...around(node)]));
  shown.count = 0;
  for (let node = 0; node < graph.count; node += 1) {
    if (now.hidden.has(graph.kind[node]) || (!now.guesses && graph.guess.has(node)) || !about.every((near) => near.has(node))) continue;
    shown.node[node] = 1;
    shown.count += 1;
  }
  return true;
}

function passes(edge) {
  return shown.node[graph.from[edge]] && shown.node[graph.to[edge]] && !shown.properties.has(graph.property[edge]) && (shown.guesses || !graph.suggested[edge]);
}

function around(node) {
  const found = new Set();
  for (const edge of outEdges(node)) found.add(graph.to[edge]);
  for (const edge of inEdges(node)) found.add(graph.from[edge]);
  found.delete(node);
  return found;
}

function near(node) {
  const found = new Set();
  for (const edge of outEdges(node)) if (passes(edge)) found.add(graph.to[edge]);
  for (const edge of inEdges(node)) if (passes(edge)) found.add(graph.from[edge]);
  found.delete(node);
  return found;
}

function between(one, other) {
  return [...outEdges(one).filter((edge) => graph.to[edge] === other), ...(one === other ? [] : inEdges(one).filter((edge) => graph.from[edge] === other))];
}
