// The canvas: vis-network moves the camera and draws the live nodes, each with our own shape at a size
// in pixels, so that neither zooming nor dimming has to touch its data. What is under the nodes (the
// bitmap of all dots, islands, links) and over them (names, rings) is drawn in its two hooks.

let canvas, network;
const live = {nodes: undefined};
let scene = {key: '', mode: 'map', at: new Map(), links: [], bright: undefined, names: []};
let hovered, cursor;
const cameras = new Map();       // where each kind of picture was left

function startCanvas() {
  live.nodes = new vis.DataSet();
  const given = graph.start.options || {};
  // A dot of the bitmap stays where it is; only where all nodes are live can they be dragged.
  const options = {
    ...given, autoResize: false, physics: {enabled: false}, layout: {improvedLayout: false},
    interaction: {dragNodes: graph.count <= MOST_NODES, dragView: true, zoomView: true, zoomSpeed: 0.7, hover: false, selectable: false, keyboard: {enabled: false}, tooltipDelay: 3600000},
  };
  network = new vis.Network($('graph'), {nodes: live.nodes, edges: new vis.DataSet()}, options);
  canvas = $('graph').firstElementChild;
  canvas.setAttribute('role', 'application');
  canvas.setAttribute('aria-label', 'Graph. Arrow keys go from node to node, Enter picks, plus and minus zoom. The table lists the same nodes.');
  network.on('beforeDrawing', drawUnder);
  network.on('afterDrawing', drawOver);
  network.on('zoom', moved);
  network.on('dragging', ({nodes: ids}) => {
    for (const id of ids) { const {x, y} = network.getPosition(id); Object.assign(scene.at.get(id) || {}, {x, y, moved: true}); scene.stale = true; }
    moved();
  });
  network.on('dragEnd', ({nodes: ids}) => { for (const id of ids) keepPlace(id); moved(); });
  network.on('animationFinished', moved);
  network.on('click', clicked);
  network.on('doubleClick', ({pointer}) => { const hit = hitAt(pointer.DOM); if (hit?.node !== undefined) focusOn(hit.node); });
  canvas.addEventListener('pointermove', pointed, {passive: true});
  canvas.addEventListener('pointerleave', () => hover(undefined));
  canvas.addEventListener('blur', () => { if (cursor !== undefined) { cursor = undefined; network.redraw(); } });
  canvas.addEventListener('keydown', canvasKey);
  new ResizeObserver(resized).observe($('graph'));
}

function resized([{contentRect: {width, height}}]) {
  const size = `${width} ${height}`;
  if (!width || !height || size === scene.size) return;
  const first = !scene.size, scale = network.getScale(), position = network.getViewPosition();
  scene.size = size;
  network.setSize(`${width}px`, `${height}px`);
  network.redraw();
  if (scene.relay) { scene.key = ''; show(); return; }       // columns are made for the room there is
  if (first || Math.abs(scale / scene.fit - 1) < 0.02) frame(false);
  else network.moveTo({scale, position});
  moved();
}

// ---- What is in the picture -----------------------------------------------------------------------

const dragged = new Map();       // "scene node" -> where a reader put it
const keepPlace = (id) => { const spot = scene.at.get(id); if (spot) dragged.set(`${scene.key} ${id}`, {x: spot.x, y: spot.y}); };

function setScene(next) {
  const fresh = next.key !== scene.key;
  if (fresh) {
    if (scene.mode) cameras.set(scene.mode, {key: scene.key, position: network.getViewPosition(), scale: network.getScale()});
    scene = {size: scene.size, fit: scene.fit, names: [], ...next};
    hovered = cursor = undefined;
  } else Object.assign(scene, next);
  for (const [id, spot] of scene.at) Object.assign(spot, dragged.get(`${scene.key} ${id}`));
  putLive();
  scene.stale = true;
  return fresh;
}

function putLive() {
  const gone = live.nodes.getIds().filter((id) => !scene.at.has(id));
  const changed = [], added = [];
  for (const [id, {x, y}] of scene.at) {
    const known = network.body.nodes[id];
    if (!known) added.push({id, x, y, shape: 'custom', ctxRenderer: drawNode, label: '', physics: false});
    else if (known.x !== x || known.y !== y) changed.push({id, x, y});
  }
  if (gone.length) live.nodes.remove(gone);
  if (added.length) live.nodes.add(added);
  if (changed.length) live.nodes.update(changed);
  $('graph').dataset.nodes = scene.at.size;
  $('graph').dataset.links = scene.links.length;
}

const room = () => {
  const box = $('graph').getBoundingClientRect();
  const wide = box.width > 760, legend = $('legend');
  const left = wide && legend.open ? legend.offsetWidth + 24 : 16;
  return {width: box.width, height: box.height, left, right: box.width > 480 ? 60 : 16, top: $('trail').hidden ? 24 : $('trail').offsetHeight + 28, bottom: legend.open ? 44 : legend.offsetHeight + 24};
};

function frame(slowly, {low, high, most = 1.6, least = 0} = scene.bounds || bounds()) {
  const {width, height, left, right, top, bottom} = room();
  if (!width || !height || !low) return;
  const across = Math.max(60, width - left - right), down = Math.max(60, height - top - bottom);
  const scale = Math.max(least, Math.min(across / Math.max(1, high.x - low.x), down / Math.max(1, high.y - low.y), most));
  // What is too wide to be read whole is shown from its middle out.
  const wide = (high.x - low.x) * scale > across + 2, middle = wide ? Math.max(Math.min(0, high.x - across / 2 / scale), low.x + across / 2 / scale) : (low.x + high.x) / 2;
  const position = {x: middle + (right - left) / 2 / scale, y: (low.y + high.y) / 2 + (bottom - top) / 2 / scale};
  scene.fit = scale;
  network.moveTo({position, scale, animation: slowly && !still.matches && {duration: 300, easingFunction: 'easeInOutQuad'}});
  moved();
}

function bounds() {
  const spots = [...scene.at.values()];
  if (!spots.length) return {};
  const xs = spots.map(({x}) => x), ys = spots.map(({y}) => y);
  return {low: {x: Math.min(...xs) - 40, y: Math.min(...ys) - 40}, high: {x: Math.max(...xs) + 40, y: Math.max(...ys) + 40}};
}

function view() {
  const {width, height} = $('graph').getBoundingClientRect();
  const scale = network.getScale(), {x, y} = network.getViewPosition();
  return {scale, width, height, x, y, left: x - width / 2 / scale, right: x + width / 2 / scale, top: y - height / 2 / scale, bottom: y + height / 2 / scale};
}

function moved() {
  scene.moving = true;
  clearTimeout(moved.timer);
  moved.timer = setTimeout(settle, 90);
}

function settle() {
  // Ninety milliseconds after the last move: other nodes may be live now, and names have other room.
  scene.moving = false;
  if (!network || $('stage').hidden) return;
  if (scene.settle) scene.settle();
  scene.stale = true;
  network.redraw();
  canvas.dataset.settled = String(Number(canvas.dataset.settled || 0) + 1);
}

// ---- Sizes and looks -------------------------------------------------------------------------------

function unit(scale) {
  // A node's size in pixels grows with the zoom until it is large enough to be pointed at.
  return scene.columns ? 5.2 : Math.min(5.6, Math.max(0.95, 10 * scale));
}

function radius(node, scale) {
  const share = graph.rank[node] / 1000;
  return unit(scale) * (scene.columns ? 0.85 + 0.7 * share : 0.62 + 1.9 * share ** 1.2);
}

function dimmed(node) {
  return scene.bright !== undefined && !scene.bright.has(node);
}

function drawNode({ctx, id, x, y}) {
  const scale = network.getScale(), r = radius(id, scale) / scale;
  return {
    drawNode: () => {
      const {shape, filled} = kindOf(id), tone = colours.tones[toneOf(id)], hollow = !filled || graph.guess.has(id);
      ctx.globalAlpha = dimmed(id) ? 0.22 : 1;
      trace(ctx, r * scale < 2 ? 'dot' : shape, x, y, r);
      ctx.fillStyle = hollow ? colours.ground : tone;
      ctx.fill();
      ctx.lineWidth = (hollow ? 1.6 : 1) / scale;
      ctx.strokeStyle = hollow ? tone : colours.ground;
      if (hollow || r * scale > 2.5) ctx.stroke();
      ctx.globalAlpha = 1;
    },
    nodeDimensions: {width: 2.4 * r, height: 2.4 * r},
  };
}

function drawUnder(context) {
  if (scene.under) scene.under(context);
  drawLinks(context);
  if (took.drawn === undefined && scene.at.size) took.drawn = performance.now();
}

function drawOver(context) {
  const scale = network.getScale(), ratio = context.canvas.width / context.canvas.clientWidth || 1;
  context.save();
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  const origin = network.canvasToDOM({x: 0, y: 0});
  for (const [node, width] of [[shownState.node, 2.2], [shownState.other, 2.2], [hovered?.node, 1.6], [cursor, 3]]) ringAround(context, node, width, origin, scale);
  drawNames(context, origin, scale);
  context.restore();
}

function ringAround(context, node, width, origin, scale) {
  const spot = node === undefined ? undefined : scene.at.get(node);
  if (!spot) return;
  trace(context, 'dot', origin.x + spot.x * scale, origin.y + spot.y * scale, radius(node, scale) + 3.5);
  context.strokeStyle = colours.accent;
  context.lineWidth = width;
  context.stroke();
}

function repaint() {
  // Colours or filters changed: bitmaps are made anew, and what stands on the canvas is drawn again.
  dropLayers();
  scene.stale = true;
  buildLegend(shownState);
  if (scene.settle) scene.settle();
  network.redraw();
}

// ---- Pointing: the nearest thing wins ----------------------------------------------------------------

function hitAt({x, y}, touch = false) {
  const scale = network.getScale(), reach = touch ? 16 : 7;
  const name = scene.names.find((each) => x >= each.x && x <= each.x + each.w && y >= each.y && y <= each.y + each.h);
  const origin = network.canvasToDOM({x: 0, y: 0});
  let best, least = Infinity;
  for (const [node, spot] of scene.at) {
    const far = Math.hypot(origin.x + spot.x * scale - x, origin.y + spot.y * scale - y) - radius(node, scale);
    if (far < least && far < reach) { least = far; best = {node}; }
  }
  if (best && (least < 2 || !name)) return best;
  if (name?.hit) return name.hit;
  const point = {x: (x - origin.x) / scale, y: (y - origin.y) / scale};
  const link = linkAt(point, (touch ? 10 : 5) / scale);
  const dot = scene.dots ? nearestDot(point, (touch ? 16 : 8) / scale) : undefined;
  // A dot that is hit is meant, even if a line runs over it.
  if (dot !== undefined && (!link || Math.hypot(graph.x[dot] - point.x, graph.y[dot] - point.y) * scale < radius(dot, scale) + 2)) return {node: dot};
  if (link) return {link};
  return scene.disc ? scene.disc(point) : undefined;
}

function clicked({pointer, event}) {
  const hit = hitAt(pointer.DOM, event?.pointerType === 'touch' || event?.srcEvent?.pointerType === 'touch');
  dismissHint();
  if (!hit) { if (shownState.other !== undefined) go({other: undefined}); else if (shownState.node !== undefined) nothing(); }
  else if (hit.node !== undefined) pick(hit.node);
  else if (hit.link) pickLink(hit.link);
  else if (hit.act) hit.act();
}

function pickLink({from, to}) {
  const [node, other] = shownState.node === to ? [to, from] : [from, to];
  go({node, other});
}

function pointed(event) {
  if (event.buttons || event.pointerType === 'touch' || pointed.waits) return;
  pointed.waits = true;
  const box = canvas.getBoundingClientRect(), at = {x: event.clientX - box.left, y: event.clientY - box.top};
  requestAnimationFrame(() => { pointed.waits = false; if (!scene.moving) hover(hitAt(at), at); });
}

const hitKey = (hit) => (hit ? `${hit.node}/${hit.link?.from}-${hit.link?.to}/${hit.key || ''}` : '');

function hover(hit, at) {
  const same = hitKey(hit) === hitKey(hovered);
  hovered = hit;
  canvas.style.cursor = hit ? 'pointer' : '';
  showTip(hit, at);
  if (!same) network.redraw();
}

function showTip(hit, at) {
  const tip = $('tip');
  tip.hidden = !hit;
  if (!hit || !at) return;
  const words = hit.node !== undefined ? [graph.label[hit.node], `${kindName(kindOf(hit.node))} · ${plural(graph.degree[hit.node], 'neighbour')}`]
    : hit.link ? [linkWords(hit.link), 'Click for the evidence'] : [hit.title || '', hit.note || ''];
  tip.replaceChildren(make('strong', {}, shorten(words[0], 140)), words[1] ? make('span', {}, words[1]) : '');
  const {width, height} = $('graph').getBoundingClientRect();
  tip.style.left = `${Math.max(4, Math.min(at.x + 14, width - tip.offsetWidth - 8))}px`;
  tip.style.top = `${at.y + 22 + tip.offsetHeight > height ? at.y - tip.offsetHeight - 10 : at.y + 18}px`;
}

// ---- Keys on the canvas -------------------------------------------------------------------------------

const WAYS = new Map(Object.entries({ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}));

function canvasKey(event) {
  const way = WAYS.get(event.key);
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (way && event.shiftKey) { const {x, y} = network.getViewPosition(), step = 80 / network.getScale(); network.moveTo({position: {x: x + way[0] * step, y: y + way[1] * step}}); moved(); }
  else if (way) step(way);
  else if (event.key === 'Enter' && cursor !== undefined) { const node = cursor; if (event.shiftKey) focusOn(node); else pick(node); }
  else if (event.key === '+' || event.key === '=') zoom(1.35);
  else if (event.key === '-') zoom(1 / 1.35);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function step([dx, dy]) {
  const start = cursor ?? shownState.node ?? scene.at.keys().next().value;
  const here = scene.at.get(start) || view();
  let best, least = Infinity;
  for (const [node, spot] of scene.at) {
    const along = (spot.x - here.x) * dx + (spot.y - here.y) * dy, aside = Math.abs((spot.x - here.x) * dy - (spot.y - here.y) * dx);
    if (node === start || along <= 0) continue;
    const far = along + 2.2 * aside;
    if (far < least) { least = far; best = node; }
  }
  cursor = best ?? start;
  const spot = scene.at.get(cursor), {left, right, top, bottom} = view();
  if (spot && (spot.x < left || spot.x > right || spot.y < top || spot.y > bottom)) { network.moveTo({position: {x: spot.x, y: spot.y}}); moved(); }
  if (cursor !== undefined) $('aloud').textContent = `${graph.label[cursor]}, ${kindName(kindOf(cursor))}`;
  network.redraw();
}

function zoom(factor) {
  network.moveTo({scale: network.getScale() * factor, animation: !still.matches && {duration: 160, easingFunction: 'easeInOutQuad'}});
  moved();
}
