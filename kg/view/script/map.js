// The map: islands with their names, then their parts, then nodes, as one comes closer. A community is the
// same map with one island on it.

function mapScene(now) {
  const island = now.mode === 'community' ? now.island : undefined;
  const key = `${now.mode} ${island ?? ''}`;
  const same = key === scene.key && !filter.changed;
  const base = {
    key, mode: now.mode, island, columns: false, centre: undefined, upright: false, relay: false,
    at: same ? scene.at : new Map(), links: same ? scene.links : [], dots: true, under: drawMap, settle: refreshMap,
    candidates: mapNames, disc: discAt,
    bounds: same ? scene.bounds : mapBounds(island),
  };
  base.more = undefined;
  return base;
}

function mapBounds(island) {
  const found = island === undefined ? undefined : graph.islands[island];
  if (found) return {low: {x: found.x - found.r, y: found.y - found.r}, high: {x: found.x + found.r, y: found.y + found.r}, most: 2.2};
  let low = {x: Infinity, y: Infinity}, high = {x: -Infinity, y: -Infinity};
  for (let node = 0; node < graph.count; node += 1) {
    if (!shown.node[node]) continue;
    low = {x: Math.min(low.x, graph.x[node]), y: Math.min(low.y, graph.y[node])};
    high = {x: Math.max(high.x, graph.x[node]), y: Math.max(high.y, graph.y[node])};
  }
  if (!Number.isFinite(low.x)) return {};
  return {low: {x: low.x - 30, y: low.y - 30}, high: {x: high.x + 30, y: high.y + 50}, most: 1.6};
}

function refreshMap() {
  // Which nodes are live: the most important of those in view, and the picked one with its neighbours.
  const now = view(), margin = 60 / now.scale, {node, other} = shownState;
  const box = {left: now.left - margin, right: now.right + margin, top: now.top - margin, bottom: now.bottom + margin};
  const chosen = new Set([node, other].filter((each) => each !== undefined && shown.node[each]));
  const beside = node === undefined ? [] : [...near(node)].sort((a, b) => a - b);
  for (const each of beside.slice(0, 100)) if (chosen.size < MOST_NODES) chosen.add(each);
  for (let each = 0; each < graph.count && chosen.size < MOST_NODES; each += 1) if (inMap(each) && inside(each, box)) chosen.add(each);
  const at = new Map();
  for (const each of chosen) at.set(each, scene.at.get(each) || {x: graph.x[each], y: graph.y[each], ...dragged.get(`${scene.key} ${each}`)});
  scene.at = at;
  const few = graph.count <= MOST_NODES;
  // Links of the picked node first; on the whole map only those inside islands, the rest are bands.
  const local = few || scene.island !== undefined ? () => true : (a, b) => graph.island[a] === graph.island[b];
  const picked = node === undefined ? [] : beside.slice(0, 220).map((each) => linkTo(node, each)).filter(Boolean);
  scene.links = [...picked, ...linksAmong(new Set(at.keys()), MOST_LINKS - picked.length, (a, b) => a !== node && b !== node && local(a, b))];
  scene.bright = node === undefined ? undefined : new Set([node, ...beside]);
  putLive();
  if (layers.whole || !needsLayers()) makeView(); else makeWhole();
  scene.stale = true;
  showStatus(shownState);
}

function linkTo(node, other) {
  const edges = between(node, other).filter(passes);
  if (!edges.length) return undefined;
  const from = graph.from[edges[0]], to = graph.to[edges[0]];
  return {from, to, edges, both: edges.some((edge) => graph.from[edge] === to), guess: edges.every((edge) => graph.suggested[edge])};
}

// ---- Islands -----------------------------------------------------------------------------------------

const partsOf = (island) => graph.islands.filter(({parent}) => parent === island);
const islandTone = (island) => (colouring.by === 'community' ? Math.min(8, island.tone) : 8);

function bands() {
  // How much each pair of islands is linked: the strongest pairs are drawn, so that the map shows what goes with what.
  if (bands.key === shown.key) return bands.found;
  const pairs = new Map(), {islands} = graph;
  for (let edge = 0; edge < graph.edges; edge += 1) {
    const a = graph.island[graph.from[edge]], b = graph.island[graph.to[edge]];
    if (a === b || a < 0 || b < 0 || !passes(edge) || graph.facets.has(graph.kind[graph.from[edge]]) || graph.facets.has(graph.kind[graph.to[edge]])) continue;
    const key = a < b ? a * islands.length + b : b * islands.length + a;
    pairs.set(key, (pairs.get(key) || 0) + 1);
  }
  const strongest = [...pairs].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, 40), most = strongest.length ? strongest[0][1] : 1;
  bands.key = shown.key;
  bands.found = strongest.map(([key, count]) => ({one: islands[Math.floor(key / islands.length)], other: islands[key % islands.length], share: count / most}));
  return bands.found;
}

function drawMap(context) {
  if (!drawLayers(context)) drawGround(context, view());
  context.globalAlpha = 1;
}

function drawGround(context, {scale, left, right, top, bottom}) {
  const all = graph.islands;
  for (const island of all) {
    if (scene.island !== undefined && island.number !== scene.island && island.parent !== scene.island) continue;
    const px = island.r * scale, part = island.parent >= 0;
    if (!part && graph.communities[0]?.parent === island.number) continue;        // the only one there is: no ground of its own
    if (px < (part ? 26 : 3) || island.x + island.r < left || island.x - island.r > right || island.y + island.r < top || island.y - island.r > bottom) continue;
    context.fillStyle = islandTone(island) === 8 ? colours.muted : colours.tones[islandTone(island)];
    context.globalAlpha = (part ? Math.min(0.07, (px - 26) / 900) : 0.075) ;
    context.beginPath();
    context.arc(island.x, island.y, island.r, 0, 2 * Math.PI);
    context.fill();
  }
  const close = scene.fit ? scale / scene.fit : 1;
  if (scene.island === undefined && close < 3 && graph.count > MOST_NODES) {
    context.strokeStyle = colours.edge;
    context.lineCap = 'round';
    for (const {one, other, share} of bands()) {
      context.globalAlpha = (0.05 + 0.13 * share) * Math.min(1, Math.max(0, (3 - close) / 1.5));
      context.lineWidth = (1 + 8 * share) / scale;
      context.beginPath();
      context.moveTo(one.x, one.y);
      // Bent a little towards the middle, so that bands that meet stay apart.
      context.quadraticCurveTo((one.x + other.x) / 2 * 0.86, (one.y + other.y) / 2 * 0.86, other.x, other.y);
      context.stroke();
    }
  }
  context.globalAlpha = 1;
}

function shownIslands({scale, width, height}) {
  // An island is named until it fills most of the window; then its parts are.
  const wide = Math.min(width, height), found = [];
  for (const island of scene.island === undefined ? graph.communities : partsOf(scene.island)) {
    const parts = partsOf(island.number), px = island.r * scale;
    if (px > wide * 0.34 && parts.length > 1) found.push(...parts.filter((part) => part.r * scale > 20));
    else if (px > 9) found.push(island);
  }
  return found.filter(({name}) => name).sort((a, b) => b.nodes - a.nodes || a.number - b.number);
}

function mapNames(place) {
  const {origin, scale, width, height, discs} = place, found = [];
  const biggest = Math.max(1, ...graph.islands.map(({nodes}) => nodes || 1));
  const few = graph.count <= MOST_NODES, close = scene.fit ? scale / scene.fit : 1;
  const onScreen = (x, y, r) => x > -r && y > -r && x < width + r && y < height + r;
  for (const node of [shownState.node, shownState.other]) {
    const spot = node === undefined ? undefined : scene.at.get(node);
    if (spot) found.push({...nodeCandidate(node, spot, place, {strong: true, most: 260}), over: true});
  }
  const named1 = shownIslands(place).map((island) => ({island, x: origin.x + island.x * scale, y: origin.y + island.y * scale, r: island.r * scale}));
  // A name on a neighbour's ground would name the neighbour.
  const ownGround = (own) => ({x, y}) => Math.hypot(x - own.x, y - own.y) < own.r || named1.every((each) => each === own || Math.hypot(x - each.x, y - each.y) > each.r);
  for (const own of named1) {
    const {island, x, y, r} = own;
    if (!onScreen(x, y, r) || scene.bright) continue;
    const share = Math.sqrt((island.nodes || 1) / biggest), size = Math.round(Math.min(15, 11.5 + 4 * share));
    // The whole name if the island is large and there is room for it, else its first term.
    const font = `600 ${size}px ${FACE}`, most = Math.max(112, Math.min(180, 2 * r)), short = termLines(island.name.split(' · ')[0], font, most);
    for (const lines of r > 75 ? [termLines(island.name, font, most).slice(0, 4), short] : [short]) {
      if (!lines.length) continue;
      const half = size * 1.25 * lines.length / 2;
      const steps = [0, 0.3, -0.3, 0.55, -0.55, 0.8, -0.8].map((step) => ({x, y: y + step * r}));
      found.push({lines, font, size, anchor: {x: island.x, y: island.y}, halo: 5, island: island.number, instead: lines === short && r > 75,
        tries: [...steps, {x, y: y + r + half + 2}, {x, y: y - r - half - 2}, ...[0.35, -0.35, 0.7, -0.7].flatMap((step) => [{x: x + r * 0.5, y: y + step * r}, {x: x - r * 0.5, y: y + step * r}])].filter(ownGround(own)),
        hit: islandHit(island)});
    }
  }
  let left = few ? 120 : Math.round(Math.min(width, height) / 90 * Math.max(1, close) ** 1.7);
  if (scene.island !== undefined) left = Math.max(left, 60);
  if (scene.bright) left = Math.max(left, 30);
  for (const {node} of discs) {
    if (left <= 0) break;
    if (node === shownState.node || node === shownState.other || dimmed(node)) continue;
    found.push(nodeCandidate(node, scene.at.get(node), place, {most: 220}));
    left -= 1;
  }
  return found;
}

function termLines(name, font, most) {
  // "Strategy · Foresight" goes on the map as a term a line.
  const terms = name.split(' · ').slice(0, 2);
  return terms.flatMap((term, place) => wrapped(place < terms.length - 1 ? `${term},` : term, font, most, 2));
}

function islandHit(island) {
  return {key: `island ${island.number}`, title: island.name, note: `${plural(island.nodes || 0, 'node')} · click to open`, act: () => openIsland(island.number)};
}

function openIsland(number) {
  go({mode: 'community', island: number, node: undefined, other: undefined, around: undefined});
}

function discAt(point) {
  const {scale} = view();
  const found = graph.islands.filter((island) => (scene.island === undefined ? island.parent < 0 : island.parent === scene.island)
    && Math.hypot(point.x - island.x, point.y - island.y) < island.r && island.r * scale < 130);
  // Close to, the ground of an island is ground: only a small disc is pressed like a button.
  return found.length && scene.island === undefined ? islandHit(found[0]) : undefined;
}
