// Links between live nodes, drawn by us under the nodes: straight on the map, curved between columns,
// dotted where only suggested, with arrows once a node or a link is picked.

function linksAmong(nodes, most = MOST_LINKS, wanted = () => true) {
  // The most important first: nodes are numbered by importance.
  const found = new Map();
  for (const from of [...nodes].sort((a, b) => a - b)) {
    for (const edge of outEdges(from)) {
      const to = graph.to[edge];
      if (to === from || !nodes.has(to) || !passes(edge) || !wanted(from, to)) continue;
      const key = from < to ? from * graph.count + to : to * graph.count + from;
      const known = found.get(key);
      if (known) {
        known.both ||= known.from !== from;
        known.guess &&= Boolean(graph.suggested[edge]);
        known.edges.push(edge);
      } else if (found.size < most) found.set(key, {from, to, both: false, guess: Boolean(graph.suggested[edge]), edges: [edge]});
    }
  }
  return [...found.values()];
}

const spotOf = (node) => scene.at.get(node) || {x: graph.x[node], y: graph.y[node]};

function curve(link) {
  // From a to b by way of two handles; straight unless the picture has columns.
  const a = spotOf(link.from), b = spotOf(link.to);
  if (!scene.columns || scene.upright) return {a, b};
  if (Math.abs(a.x - b.x) < 30) { const out = a.x < 0 ? -46 : 46; return {a, b, c: {x: a.x + out, y: a.y}, d: {x: b.x + out, y: b.y}}; }
  const half = (b.x - a.x) * 0.5;
  return {a, b, c: {x: a.x + half, y: a.y}, d: {x: b.x - half, y: b.y}};
}

function pathOf(context, {a, b, c, d}) {
  context.moveTo(a.x, a.y);
  if (c) context.bezierCurveTo(c.x, c.y, d.x, d.y, b.x, b.y); else context.lineTo(b.x, b.y);
}

function along({a, b, c, d}, t) {
  const s = 1 - t;
  if (!c) return {x: a.x * s + b.x * t, y: a.y * s + b.y * t};
  const w = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t];
  return {x: w[0] * a.x + w[1] * c.x + w[2] * d.x + w[3] * b.x, y: w[0] * a.y + w[1] * c.y + w[2] * d.y + w[3] * b.y};
}

function linkStyle(link) {
  const main = hovered?.node ?? shownState.node, {from, to} = link;
  const picked = (hovered?.link && hovered.link.from === from && hovered.link.to === to)
    || (shownState.other !== undefined && [from, to].includes(shownState.node) && [from, to].includes(shownState.other));
  const touches = main !== undefined && (from === main || to === main);
  if (link.quiet && !touches && !picked) return undefined;
  if (picked) return 'picked';
  if (scene.mode === 'path') return 'strong';
  if (touches && !(scene.columns && main === scene.centre && hovered?.node === undefined)) return 'strong';
  return scene.bright && (dimmed(from) || dimmed(to)) ? 'dim' : 'plain';
}

const STYLES = new Map(Object.entries({
  dim: {width: 1, alpha: 0.07, colour: 'edge'}, plain: {width: 1, alpha: 0.32, colour: 'edge'},
  strong: {width: 1.5, alpha: 0.75, colour: 'accent'}, picked: {width: 2.6, alpha: 1, colour: 'accent'},
}));

function drawLinks(context) {
  const scale = network.getScale(), sorted = new Map();
  for (const link of scene.links) {
    const style = linkStyle(link);
    if (!style) continue;
    const key = `${style}${link.guess ? ' guess' : ''}`;
    if (sorted.has(key)) sorted.get(key).push(link); else sorted.set(key, [link]);
  }
  for (const style of ['dim', 'plain', 'strong', 'picked']) {
    const {width, alpha, colour} = STYLES.get(style);
    for (const guess of [false, true]) {
      const links = sorted.get(`${style}${guess ? ' guess' : ''}`) || [];
      if (!links.length) continue;
      context.strokeStyle = context.fillStyle = colours[colour];
      // Many lines are drawn fainter, or they would be one blot.
      const many = links.length > 40;
      context.globalAlpha = style === 'plain' ? (links.length > 300 ? 0.16 : many ? 0.24 : 0.4) : many ? alpha * 0.55 : alpha;
      context.lineWidth = (many ? Math.min(1.1, width) : width) / scale;
      context.setLineDash(guess ? [2 / scale, 4 / scale] : []);
      context.beginPath();
      for (const link of links) pathOf(context, curve(link));
      context.stroke();
      context.setLineDash([]);
      if (style === 'picked' || (style === 'strong' && links.length < 60)) for (const link of links) arrows(context, link, scale);
    }
  }
  context.globalAlpha = 1;
}

function arrows(context, link, scale) {
  const line = curve(link);
  const ends = link.both ? [[link.to, 1], [link.from, 0]] : [[link.to, 1]];
  for (const [node, end] of ends) {
    const tip = end ? line.b : line.a;
    const back = line.c ? (end ? line.d : line.c) : (end ? line.a : line.b);
    const far = Math.hypot(tip.x - back.x, tip.y - back.y) || 1, dx = (tip.x - back.x) / far, dy = (tip.y - back.y) / far;
    const size = 7 / scale, off = (radius(node, scale) + 1.5) / scale, x = tip.x - dx * off, y = tip.y - dy * off;
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x - dx * size + dy * size * 0.45, y - dy * size - dx * size * 0.45);
    context.lineTo(x - dx * size - dy * size * 0.45, y - dy * size + dx * size * 0.45);
    context.fill();
  }
}

function linkAt(point, reach) {
  let best, least = reach;
  for (const link of scene.links) {
    if (!linkStyle(link)) continue;
    const line = curve(link), steps = line.c ? 14 : 1;
    let last = line.a;
    for (let turn = 1; turn <= steps; turn += 1) {
      const next = along(line, turn / steps), far = fromSegment(point, last, next);
      if (far < least) { least = far; best = link; }
      last = next;
    }
  }
  return best;
}

function fromSegment(p, a, b) {
  const dx = b.x - a.x, dy = b.y - a.y;
  const share = Math.max(0, Math.min(1, ((p.x - a.x) * dx + (p.y - a.y) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(p.x - a.x - dx * share, p.y - a.y - dy * share);
}

function linkWords({from, to}) {
  const edges = between(from, to), edge = edges.find((each) => graph.from[each] === from) ?? edges[0];
  const [one, other] = edge === undefined ? [from, to] : [graph.from[edge], graph.to[edge]];
  return `${shorten(graph.label[one], 60)} — ${edge === undefined ? 'linked' : propertyLabel(graph.property[edge])} → ${shorten(graph.label[other], 60)}`;
}
