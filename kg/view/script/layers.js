// The bitmaps of the map: its islands, every dot and a sample of faint links, drawn in idle time. One shows the whole
// map; a second, sharp one shows what is in view and is made anew when the map has come to rest.

const layers = {whole: undefined, view: undefined, turn: 0, cells: undefined};
const idle = window.requestIdleCallback ? (act) => requestIdleCallback(act, {timeout: 40}) : (act) => setTimeout(act, 1);

function dropLayers() {
  layers.turn += 1;
  layers.whole = layers.view = undefined;
}

function inMap(node) {
  return shown.node[node] && (scene.island === undefined || graph.island[node] === scene.island || graph.sub[node] === scene.island);
}

function bitmap(box, scale) {
  const layer = {...box, scale, canvas: document.createElement('canvas')};
  layer.canvas.width = Math.max(1, Math.ceil((box.right - box.left) * scale));
  layer.canvas.height = Math.max(1, Math.ceil((box.bottom - box.top) * scale));
  layer.context = layer.canvas.getContext('2d');
  layer.context.setTransform(scale, 0, 0, scale, -box.left * scale, -box.top * scale);
  return layer;
}

const inside = (node, {left, right, top, bottom}) => graph.x[node] >= left && graph.x[node] <= right && graph.y[node] >= top && graph.y[node] <= bottom;

function sampleLinks(layer, most) {
  // Links inside an island say where it hangs together; those between islands are drawn as bands.
  const found = [];
  for (let edge = 0; edge < graph.edges; edge += 1) {
    const from = graph.from[edge], to = graph.to[edge];
    if (graph.island[from] !== graph.island[to] || from === to || !inMap(from) || !inMap(to) || !passes(edge)) continue;
    if (inside(from, layer) || inside(to, layer)) found.push(edge);
  }
  const stride = Math.max(1, found.length / most), kept = [];
  for (let place = 0; place < found.length; place += stride) kept.push(found[Math.floor(place)]);
  return kept;
}

function drawLayer(layer, scale, done) {
  // In slices, so that no single task holds up a frame.
  const turn = layers.turn, {context} = layer;
  let edges, place = 0, nodes, step = 0;
  const tones = colours.tones;
  const slice = () => {
    if (turn !== layers.turn) return;
    const until = performance.now() + 14;
    if (!edges) {
      drawGround(context, {...layer, scale});
      edges = sampleLinks(layer, layer.most);
    }
    context.lineWidth = 0.8 / scale;
    context.strokeStyle = colours.edge;
    context.globalAlpha = Math.min(0.3, Math.max(0.06, 260 / Math.sqrt(edges.length + 1) / 40));
    while (place < edges.length && performance.now() < until) {
      context.beginPath();
      for (const end = Math.min(edges.length, place + 1200); place < end; place += 1) {
        const from = graph.from[edges[place]], to = graph.to[edges[place]];
        context.moveTo(graph.x[from], graph.y[from]);
        context.lineTo(graph.x[to], graph.y[to]);
      }
      context.stroke();
    }
    if (place < edges.length) { idle(slice); return; }
    if (!nodes) {
      nodes = tones.map(() => []);
      for (let node = graph.count - 1; node >= 0; node -= 1) if (inMap(node) && inside(node, layer)) nodes[Math.min(8, toneOf(node))].push(node);
    }
    context.globalAlpha = 0.9;
    for (; step < tones.length && performance.now() < until; step += 1) {
      context.fillStyle = tones[step];
      context.beginPath();
      for (const node of nodes[step]) {
        const r = radius(node, scale) / scale;
        if (r * layer.scale < 1.1) context.rect(graph.x[node] - r * 0.85, graph.y[node] - r * 0.85, r * 1.7, r * 1.7);
        else { context.moveTo(graph.x[node] + r, graph.y[node]); context.arc(graph.x[node], graph.y[node], r, 0, 2 * Math.PI); }
      }
      context.fill();
    }
    if (step < tones.length) { idle(slice); return; }
    done(layer);
  };
  idle(slice);
}

function mapBox() {
  if (scene.box) return scene.box;
  const box = {left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity};
  for (let node = 0; node < graph.count; node += 1) {
    if (!inMap(node)) continue;
    box.left = Math.min(box.left, graph.x[node] - 40);
    box.right = Math.max(box.right, graph.x[node] + 40);
    box.top = Math.min(box.top, graph.y[node] - 40);
    box.bottom = Math.max(box.bottom, graph.y[node] + 40);
  }
  for (const island of scene.island === undefined ? graph.islands : [graph.islands[scene.island]]) {
    box.left = Math.min(box.left, island.x - island.r);
    box.right = Math.max(box.right, island.x + island.r);
    box.top = Math.min(box.top, island.y - island.r);
    box.bottom = Math.max(box.bottom, island.y + island.r);
  }
  scene.box = box;
  return box;
}

const needsLayers = () => scene.dots && (graph.count > MOST_NODES || graph.edges > MOST_LINKS * 4);

function makeWhole() {
  const box = mapBox();
  if (!needsLayers() || !Number.isFinite(box.left)) { took.complete ??= performance.now(); return; }
  const wide = Math.max(box.right - box.left, box.bottom - box.top), scale = Math.min(2, 2048 / wide);
  const layer = bitmap(box, scale);
  layer.most = 24000;
  drawLayer(layer, scene.fit || scale, (made) => { layers.whole = made; took.complete ??= performance.now(); network.redraw(); makeView(); });
}

function makeView() {
  const now = view(), ratio = Math.min(1.5, devicePixelRatio || 1);
  if (!needsLayers() || !layers.whole) return;
  // At rest on the whole map, the first bitmap is as sharp as it gets.
  const mx = now.width / now.scale * 0.3, my = now.height / now.scale * 0.3;
  const box = mapBox();
  const wanted = {left: Math.max(box.left, now.left - mx), right: Math.min(box.right, now.right + mx), top: Math.max(box.top, now.top - my), bottom: Math.min(box.bottom, now.bottom + my)};
  if (wanted.right <= wanted.left || wanted.bottom <= wanted.top) return;
  layers.turn += 1;
  const layer = bitmap(wanted, now.scale * ratio);
  layer.most = 6000;
  layer.at = now.scale;
  drawLayer(layer, now.scale, (made) => { layers.view = made; network.redraw(); });
}

function covers(layer, now) {
  const box = mapBox();
  return layer.left <= Math.max(box.left, now.left) + 1 && layer.right >= Math.min(box.right, now.right) - 1
    && layer.top <= Math.max(box.top, now.top) + 1 && layer.bottom >= Math.min(box.bottom, now.bottom) - 1;
}

function drawLayers(context) {
  const now = view(), sharp = layers.view;
  const layer = sharp && now.scale / sharp.at < 2.2 && now.scale / sharp.at > 0.6 && covers(sharp, now) ? sharp : layers.whole;
  if (!layer) return false;
  context.globalAlpha = scene.bright ? 0.3 : 1;
  context.drawImage(layer.canvas, layer.left, layer.top, layer.canvas.width / layer.scale, layer.canvas.height / layer.scale);
  context.globalAlpha = 1;
  return true;
}

// ---- The dot that is nearest to a point ------------------------------------------------------------

const CELL = SPACING * 2;

function nearestDot({x, y}, reach) {
  if (!layers.cells) {
    layers.cells = new Map();
    for (let node = 0; node < graph.count; node += 1) {
      const key = `${Math.floor(graph.x[node] / CELL)},${Math.floor(graph.y[node] / CELL)}`;
      const cell = layers.cells.get(key);
      if (cell) cell.push(node); else layers.cells.set(key, [node]);
    }
  }
  let best, least = Math.min(reach, CELL * 3);
  const span = least;
  for (let column = Math.floor((x - span) / CELL); column <= (x + span) / CELL; column += 1) {
    for (let row = Math.floor((y - span) / CELL); row <= (y + span) / CELL; row += 1) {
      for (const node of layers.cells.get(`${column},${row}`) || []) {
        const far = Math.hypot(graph.x[node] - x, graph.y[node] - y);
        if (far < least && inMap(node)) { least = far; best = node; }
      }
    }
  }
  return best;
}
