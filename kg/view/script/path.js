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
  // From both ends at once, the smaller ring first: so a graph of half a million edges is hardly touched.
  if (start === end) return [start];
  const sides = [start, end].map((node) => ({before: new Map([[node, -1]]), far: new Map([[node, 0]]), ring: [node]}));
  while (sides[0].ring.length && sides[1].ring.length) {
    const turn = sides[0].ring.length <= sides[1].ring.length ? 0 : 1, mine = sides[turn], other = sides[1 - turn];
    const next = [];
    let meeting, least = Infinity;
    const visit = (from, to) => {
      if (mine.before.has(to)) return;
      const met = other.before.has(to);
      if (!met && !may(to)) return;
      mine.before.set(to, from);
      mine.far.set(to, mine.far.get(from) + 1);
      next.push(to);
      // Of ways of one length the one by way of the best known is taken: nodes are numbered by importance.
      const length = met ? other.far.get(to) : Infinity;
      if (length < least || (length === least && to < meeting)) { least = length; meeting = to; }
    };
    for (const node of mine.ring.sort((a, b) => a - b)) {
      for (const edge of outEdges(node)) if (passes(edge)) visit(node, graph.to[edge]);
      for (const edge of inEdges(node)) if (passes(edge)) visit(node, graph.from[edge]);
    }
    if (meeting !== undefined) {
      const back = ({before}, node) => { const way = []; for (let at = node; at >= 0; at = before.get(at)) way.push(at); return way; };
      return [...back(sides[0], meeting).reverse(), ...back(sides[1], meeting).slice(1)];
    }
    mine.ring = next;
  }
  return undefined;
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
    const said = link.edges.flatMap(evidenceOf).map((place) => graph.texts[graph.evidence.text[place]]).find(Boolean);
    if (!said || upright || step * scale < 150) continue;
    const quoted = wrapped(`“${said}”`, `11px ${FACE}`, step * scale - 44, 6), half = 11 * 1.25 * quoted.length / 2;
    found.push({lines: quoted, font: `11px ${FACE}`, size: 11, anchor: middle, colour: 'muted', hit: {link}, sure: true, over: true, tries: [{x, y: y - 30 - half}]});
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
