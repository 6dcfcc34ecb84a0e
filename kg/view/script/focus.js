// The neighbourhood of one node as a bow tie: what leads to it on the left, where it leads on the right,
// a column or two for every hop. Made in pixels for the room there is, so that every name can be read.

const LANE = 150, WIDE_LANE = 205;      // least width of a column, where there are several hops and where there is one

function sides(centre) {
  const into = new Map(), out = new Map();
  for (const edge of inEdges(centre)) if (passes(edge)) into.set(graph.from[edge], (into.get(graph.from[edge]) || 0) + 1);
  for (const edge of outEdges(centre)) if (passes(edge)) out.set(graph.to[edge], (out.get(graph.to[edge]) || 0) + 1);
  into.delete(centre);
  out.delete(centre);
  for (const node of [...into.keys()]) if (out.has(node)) (into.get(node) > out.get(node) ? out : into).delete(node);
  return [[...into.keys()], [...out.keys()]];
}

const byKind = (a, b) => graph.kind[a] - graph.kind[b] || graph.island[a] - graph.island[b] || a - b;

function hopsOf(centre, depth, {lanes, rows}) {
  // -> [{sides: [[...], [...]], more: [n, n], parts: [columns, columns]}, ...] of hop 1, 2, 3. Columns that are left
  // over once every hop has one go to the nearest hop; what finds no place is counted.
  const taken = new Set([centre]), hops = [];
  let rings = sides(centre);
  const used = rings.filter((ring) => ring.length).length || 1;
  let spare = Math.max(0, lanes - used * depth), live1 = 1;
  for (let hop = 1; hop <= depth; hop += 1) {
    const parts = rings.map((ring) => (ring.length ? 1 : 0));
    while (spare > 0) {
      const side = rings[0].length - parts[0] * rows >= rings[1].length - parts[1] * rows ? 0 : 1;
      if (rings[side].length <= parts[side] * rows) break;
      parts[side] += 1;
      spare -= 1;
    }
    const kept = rings.map((ring, side) => ring.sort((a, b) => a - b).slice(0, Math.min(parts[side] * rows, MOST_NODES / 2 - 1 - live1 / 2)).sort(byKind));
    live1 += kept[0].length + kept[1].length;
    const more = rings.map((ring, side) => ring.length - kept[side].length);
    rings.flat().forEach((node) => taken.add(node));
    hops.push({sides: kept, more, parts});
    if (hop < depth) rings = kept.map((ring) => nextRing(ring, taken));
  }
  return hops;
}

function nextRing(ring, taken) {
  const found = new Set();
  for (const node of ring) {
    if (graph.facets.has(graph.kind[node])) continue;          // through a hub everything is near
    for (const other of near(node)) if (!taken.has(other)) found.add(other);
  }
  for (const node of found) taken.add(node);
  return [...found];
}

function focusScene(now) {
  const began = performance.now(), centre = now.around;
  const key = `focus ${centre} ${now.depth} ${shown.key}`;
  if (key === scene.key) return {key, bright: brightIn(now)};
  const space = tieRoom(now.depth);
  const hops = hopsOf(centre, now.depth, space);
  const {at, columns} = bowTie(centre, hops, space);
  const links = linksAmong(new Set(at.keys()));
  const hop = new Map([[centre, 0], ...hops.flatMap(({sides: both}, place) => both.flat().map((node) => [node, place + 1]))]);
  for (const link of links) link.quiet = hop.get(link.from) === hop.get(link.to) || Math.abs(hop.get(link.from) - hop.get(link.to)) > 1
    || (hop.get(link.from) > 0 && hop.get(link.to) > 0 && Math.sign(at.get(link.from).x) !== Math.sign(at.get(link.to).x));
  took.focus = performance.now() - began;
  return {
    key, mode: 'focus', at, links, columns: true, centre, upright: false, relay: true, dots: false, under: undefined, settle: undefined, disc: undefined, island: undefined,
    candidates: columnNames, heads: columns, tie: space.tie, bounds: tieBounds(at), bright: undefined, hops,
  };
}

function brightIn({node, around: centre}) {
  return node === undefined || node === centre || !scene.at.has(node) ? undefined : new Set([node, ...near(node)]);
}

function tieRoom(depth) {
  const {width, height, left, right, top, bottom} = room();
  const across = Math.max(300, width - left - right), down = Math.max(110, height - top - bottom - 44);
  const tie = Math.max(36, Math.min(110, across * 0.11));
  return {across, down, tie, rows: Math.max(5, Math.floor(down / 18)), lanes: Math.max(2, Math.floor((across - 2 * tie) / (depth === 1 ? WIDE_LANE : LANE)))};
}

function bowTie(centre, hops, {across, down, tie}) {
  const lanes = [[], []];        // columns of each side, from the middle outwards
  hops.forEach(({sides: both, more, parts}, hop) => both.forEach((ring, side) => {
    const rows = Math.ceil(ring.length / Math.max(1, parts[side]));
    for (let part = 0; part < parts[side] && part * rows < ring.length; part += 1) {
      lanes[side].push({nodes: ring.slice(part * rows, (part + 1) * rows), more: (part + 1) * rows >= ring.length ? more[side] : 0, hop: hop + 1, first: part === 0});
    }
  }));
  for (const side of lanes) side.filter(({hop}) => hop > 1).forEach((lane) => sortByTies(lane, side));
  const count = lanes[0].length + lanes[1].length;
  const lane = Math.max(across < 400 ? 112 : LANE - 14, Math.min(330, (across - 2 * tie) / Math.max(1, count)));
  const at = new Map([[centre, {x: 0, y: 0}]]), columns = [];
  lanes.forEach((side, place) => side.forEach((column, turn) => {
    const way = place ? 1 : -1, x = way * (tie + turn * lane);
    const pitch = Math.min(34, Math.max(17, down / Math.max(1, column.nodes.length)));
    column.nodes.forEach((node, row) => at.set(node, {x, y: (row - (column.nodes.length - 1) / 2) * pitch, way, most: lane - 34}));
    const half = (column.nodes.length / 2) * pitch;
    columns.push({x, way, top: -half - 12, bottom: half + 12, ...column, lane});
  }));
  return {at, columns};
}

function sortByTies(lane, side) {
  // A node farther out stands where its neighbours one hop nearer stand.
  const rows = new Map(side.filter(({hop}) => hop === lane.hop - 1).flatMap(({nodes}) => nodes.map((node, row) => [node, row])));
  const wish = new Map(lane.nodes.map((node) => {
    const near1 = [...near(node)].map((other) => rows.get(other)).filter((row) => row !== undefined);
    return [node, near1.reduce((sum, row) => sum + row, 0) / Math.max(1, near1.length)];
  }));
  lane.nodes.sort((a, b) => wish.get(a) - wish.get(b) || a - b);
}

function columnNames(place) {
  const {origin, scale} = place, found = [];
  const {centre} = scene;
  const spot = scene.at.get(centre);
  const x = origin.x + spot.x * scale, y = origin.y + spot.y * scale, size = 15, font = `650 ${size}px ${FACE}`;
  // Between the columns if there is room for words, else over them.
  const free = scene.heads.length ? 2 * scene.tie * scale - 24 : 230, between1 = free > 84;
  const lines = wrapped(graph.label[centre], font, between1 ? Math.min(230, free) : 200, between1 ? 3 : 1), half = size * 1.25 * lines.length / 2;
  const over = origin.y + Math.min(spot.y, ...scene.heads.map(({top}) => top)) * scale - 14;
  found.push({lines, font, size, anchor: spot, node: centre, hit: {node: centre}, sure: true, over: true, halo: 6, tries: between1 ? [{x, y: y + 16 + half}, {x, y: y - 16 - half}] : [{x, y: over}, {x, y: over - 16}]});
  for (const [node, each] of scene.at) {
    if (node === centre) continue;
    const strong = node === shownState.node, type = `${strong ? '650 ' : ''}12px ${FACE}`, nx = origin.x + each.x * scale, ny = origin.y + each.y * scale;
    const line = fitted(graph.label[node], type, Math.max(60, each.most * scale));
    if (!line) continue;
    found.push({lines: [line], font: type, size: 12, node, anchor: each, hit: {node}, sure: true, over: true, alpha: dimmed(node) ? 0.35 : 1,
      tries: [each.way < 0 ? {x: nx - 11, y: ny, align: 'right'} : {x: nx + 11, y: ny, align: 'left'}]});
  }
  for (const {x: cx, way, top, bottom, more, hop, first} of scene.heads) {
    const edge = origin.x + cx * scale + (way < 0 ? 6 : -6), align = way < 0 ? 'right' : 'left';
    if (first) found.push(note(hop === 1 ? (way < 0 ? 'leads here' : 'leads to') : `${hop} hops`, {x: cx, y: top}, edge, origin.y + top * scale - 4, align));
    if (more) {
      found.push({...note(`+${more.toLocaleString('en')} more`, {x: cx, y: bottom}, edge, origin.y + bottom * scale + 4, align), colour: 'accent', font: `600 12px ${FACE}`,
        tries: [[bottom, 4], [bottom, -6], [top, -4], [top, -20]].map(([y, off]) => ({x: edge, y: origin.y + y * scale + off, align})),
        hit: {key: `more ${cx}`, title: `${plural(more, 'more node')}`, note: 'Click to list them all', act: () => goMode('table')}});
    }
  }
  return found;
}

function note(text, anchor, x, y, align) {
  return {lines: [text], font: `11px ${FACE}`, size: 11, anchor, colour: 'muted', sure: true, over: true, tries: [{x, y, align}]};
}

function neighbourhood(start, depth) {
  // All nodes within so many hops, for the table and the exports: no caps.
  const found = new Set([start]);
  let ring = [start];
  for (let hop = 1; hop <= depth; hop += 1) {
    const next = [];
    for (const node of ring) for (const other of near(node)) if (!found.has(other)) { found.add(other); next.push(other); }
    ring = next;
  }
  return found;
}

function tieBounds(at) {
  // Names stand outside the columns: room for them belongs to the picture.
  let low = {x: 0, y: 0}, high = {x: 0, y: 0};
  for (const {x, y, way, most = 0} of at.values()) {
    low = {x: Math.min(low.x, x - (way < 0 ? most : 0) - 10), y: Math.min(low.y, y)};
    high = {x: Math.max(high.x, x + (way > 0 ? most : 0) + 10), y: Math.max(high.y, y)};
  }
  return {low: {x: low.x - (low.x === 0 || low.x > -70 ? 90 : 0), y: low.y - 30}, high: {x: high.x + (high.x < 70 ? 90 : 0), y: high.y + 30}, most: 1, least: 1};
}
