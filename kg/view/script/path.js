// The shortest way from one node to another, in either direction of the links. First one that does not run
// through hubs (a video, a country: through them everything is near everything), else any.

function wayBetween(start, end) {
  const began = performance.now();
  const crowded = Math.max(60, graph.count / 20);
  const quiet = (node) => !graph.facets.has(graph.kind[node]) && graph.degree[node] <= crowded;
  const found = breadth(start, end, quiet) || breadth(start, end, () => true);
  took.path = performance.now() - began;
  return found;
}

function breadth(start, end, may) {
  if (start === end) return [start];
  const before = new Int32Array(graph.count).fill(-1);
  before[start] = start;
  let ring = [start];
  const visit = (from, to, next) => {
    if (before[to] >= 0 || (to !== end && !may(to))) return;
    before[to] = from;
    next.push(to);
  };
  while (ring.length && before[end] < 0) {
    const next = [];
    // The most important of a ring go first, so that of ways of one length the best known is taken.
    for (const node of ring.sort((a, b) => a - b)) {
      for (const edge of outEdges(node)) if (passes(edge)) visit(node, graph.to[edge], next);
      for (const edge of inEdges(node)) if (passes(edge)) visit(node, graph.from[edge], next);
    }
    ring = next;
  }
  if (before[end] < 0) return undefined;
  const way = [end];
  while (way[0] !== start) way.unshift(before[way[0]]);
  return way;
}

function pathScene(now) {
  const {from, to} = now;
  const way = from !== undefined && to !== undefined ? wayBetween(from, to) : undefined;
  const key = `path ${from} ${to} ${shown.key}`;
  if (key === scene.key) return {key, way};
  const {width, height, left, right, top, bottom} = room();
  const upright = width < 640;
  const known = way || [from, to].filter((node) => node !== undefined);
  const step = upright ? Math.max(64, Math.min(150, (height - top - bottom - 60) / Math.max(1, known.length - 1)))
    : Math.max(130, Math.min(300, (width - left - right - 140) / Math.max(1, known.length - 1)));
  const at = new Map(known.map((node, place) => {
    const along1 = (place - (known.length - 1) / 2) * step;
    return [node, upright ? {x: 0, y: along1} : {x: along1, y: 0}];
  }));
  const links = way ? way.slice(1).map((node, place) => linkTo(way[place], node)) : [];
  const reach = upright ? {x: 0.62 * width, y: 30} : {x: step * 0.5, y: 90};
  const spots = [...at.values()];
  return {
    key, mode: 'path', at, links, way, columns: true, upright, relay: true, centre: undefined, dots: false, under: undefined, settle: undefined, disc: undefined, island: undefined, step,
    bright: undefined, candidates: pathNames,
    bounds: spots.length ? {low: {x: spots[0].x - (upright ? 20 : reach.x), y: spots[0].y - reach.y}, high: {x: spots.at(-1).x + reach.x, y: spots.at(-1).y + reach.y}, most: 1, least: 1} : {},
  };
}

function pathNames({origin, scale}) {
  const found = [], {upright, step} = scene;
  for (const [node, spot] of scene.at) {
    const x = origin.x + spot.x * scale, y = origin.y + spot.y * scale, size = 13, font = `600 13px ${FACE}`;
    const lines = wrapped(graph.label[node], font, upright ? Math.max(120, 0.62 * $('graph').clientWidth) : Math.max(100, step * scale - 24), upright ? 2 : 4);
    const half = size * 1.25 * lines.length / 2;
    found.push({lines, font, size, node, anchor: spot, hit: {node}, sure: true, over: true,
      tries: upright ? [{x: x + 14, y, align: 'left'}] : [{x, y: y + 16 + half}]});
  }
  for (const link of scene.links) {
    const a = scene.at.get(link.from), b = scene.at.get(link.to), middle = {x: (a.x + b.x) / 2, y: (a.y + b.y) / 2};
    const words = [...new Set(link.edges.map((edge) => propertyLabel(graph.property[edge])))].join(' · ');
    const x = origin.x + middle.x * scale, y = origin.y + middle.y * scale, font = `12px ${FACE}`;
    const line = fitted(words, font, upright ? 220 : Math.max(80, step * scale - 40));
    found.push({lines: [line], font, size: 12, anchor: middle, colour: 'muted', hit: {link}, sure: true, over: true, tries: upright ? [{x: x + 14, y, align: 'left'}] : [{x, y: y - 13}]});
  }
  return found;
}

function showPathForm(now) {
  // Two search fields stand in the card at the top; they keep what is typed until something is picked.
  for (const [end, node] of [['from', now.from], ['to', now.to]]) {
    const input = $(`path-${end}`);
    if (document.activeElement !== input) input.value = node === undefined ? '' : graph.label[node];
  }
  $('swap').disabled = now.from === undefined && now.to === undefined;
}
