// Everything is shown from the address, here; then the page is wired up and started.

let shownState = {hidden: new Set(), dropped: new Set()};

const SCENES = new Map([['map', mapScene], ['community', mapScene], ['focus', focusScene], ['path', pathScene]]);

function show() {
  const began = performance.now(), now = state(), before = shownState;
  filter.changed = filter(now);
  shownState = now;
  colouring.by = now.colour;
  const drawn = SCENES.has(now.mode);
  if (before.mode) dismissHint();
  $('stage').hidden = !drawn;
  $('list').hidden = now.mode !== 'table';
  $('time').hidden = now.mode !== 'timeline';
  document.body.dataset.mode = now.mode;
  for (const button of document.querySelectorAll('.modes button')) button.setAttribute('aria-pressed', String(button.dataset.mode === now.mode || (button.dataset.mode === 'map' && now.mode === 'community')));
  for (const name of ['png', 'svg']) document.querySelector(`[data-export="${name}"]`).disabled = !drawn;
  $('panel').toggleAttribute('data-idle', now.node === undefined && now.mode !== 'community' && !(now.mode === 'path' && now.from !== undefined && now.to !== undefined));
  openLegend(drawn && (now.mode === 'map' || now.mode === 'community'));
  showTrail(now);
  buildLegend(now);
  if (drawn) showScene(now, before);
  hover(undefined);
  showPanel(now);
  if (now.mode === 'table') showTable(now);
  if (now.mode === 'timeline') showTimeline(now);
  showStatus(now);
  took.show = performance.now() - began;
  if (now.mode === 'community') took.community = took.show;
}

function showScene(now, before) {
  const make1 = SCENES.get(now.mode), next = make1(now);
  const cut = filter.changed || before.colour !== now.colour || (scene.island !== next.island && 'island' in next);
  const fresh = setScene(next);
  if (cut || fresh) { dropLayers(); delete scene.box; }
  if (fresh || filter.changed || scene.settle) {
    if (fresh) arrive(now);
    if (scene.settle) refreshMap();
  }
  if (now.mode === 'focus') scene.bright = brightIn(now);
  scene.stale = true;
  bringIntoView(now);
  network.redraw();
}

function arrive(now) {
  // Back on the map one is where one was; everything else is shown whole.
  const camera = cameras.get(now.mode);
  if (now.mode === 'map' && camera && camera.key === scene.key) {
    const spot = now.node === undefined ? undefined : {x: graph.x[now.node], y: graph.y[now.node]};
    scene.bounds = scene.bounds || mapBounds();
    frame(false);
    network.moveTo({position: spot || camera.position, scale: camera.scale});
    moved();
  } else frame(false);
}

function bringIntoView(now) {
  if (now.node === undefined || !scene.at.has(now.node) || now.node === scene.centre) return;
  const spot = scene.at.get(now.node), at = network.canvasToDOM(spot), {width, height} = $('graph').getBoundingClientRect();
  if (at.x > 40 && at.y > 50 && at.x < width - 40 && at.y < height - 40) return;
  network.moveTo({position: {x: spot.x, y: spot.y}, animation: !still.matches && {duration: 260, easingFunction: 'easeInOutQuad'}});
  moved();
}

function openLegend(roomy) {
  // Columns need the room; whoever opens or closes the legend by hand is left alone.
  if (openLegend.byHand) return;
  const wanted = roomy && !matchMedia('(max-width: 860px)').matches;
  if ($('legend').open === wanted) return;
  $('legend').open = wanted;
}

function showTrail(now) {
  $('trail').hidden = !['focus', 'path', 'community'].includes(now.mode);
  $('trail-focus').hidden = now.mode !== 'focus';
  $('trail-path').hidden = now.mode !== 'path';
  $('trail-community').hidden = now.mode !== 'community';
  for (const button of document.querySelectorAll('[data-depth]')) button.setAttribute('aria-pressed', String(Number(button.dataset.depth) === now.depth));
  if (now.mode === 'path') showPathForm(now);
  if (now.mode === 'community') $('community-name').textContent = graph.islands[now.island].name || 'Community';
  if (now.mode === 'focus') $('focus-name').textContent = shorten(graph.label[now.around], 60);
}

function showStatus(now) {
  const lost = now.lost ? 'What the address names is not in this page. ' : '';
  const live1 = scene.at.size.toLocaleString('en'), all = graph.count.toLocaleString('en');
  let words = '';
  if (now.mode === 'map' || now.mode === 'community') {
    const here = now.mode === 'community' ? graph.islands[now.island].nodes || 0 : shown.count;
    words = here > scene.at.size && graph.count > MOST_NODES ? `${here.toLocaleString('en')} of ${all} nodes · ${live1} in detail, more as you zoom in` : `${here.toLocaleString('en')} of ${all} nodes`;
  } else if (now.mode === 'focus') words = `${plural(now.depth, 'hop')} around ${shorten(graph.label[now.around], 40)}: ${plural(scene.at.size, 'node')}`;
  else if (now.mode === 'path') words = scene.way ? plural(scene.way.length - 1, 'step') : '';
  $('status').textContent = lost + words;
}

function emptyPage() {
  $('empty').hidden = false;
  for (const id of ['legend', 'zoom', 'status', 'panel', 'trail', 'hint']) $(id).hidden = true;
  $('main').dataset.empty = '';
  for (const element of document.querySelectorAll('#search, .modes button, #exports button')) element.disabled = true;
  const wanted = graph.start.wanted || [];
  $('empty-why').textContent = wanted.length ? `The graph has nothing of the kind ${wanted.join(', ')}.`
    : 'The graph has no notes yet. Write a note with a [[link]] in it, build the graph and make this page again.';
}

function wire() {
  finder($('search'), $('hits'), (node) => { $('search').value = ''; pick(node); $('panel').focus(); });
  for (const end of ['from', 'to']) finder($(`path-${end}`), $(`path-${end}-hits`), (node) => { $(`path-${end}`).blur(); go({mode: 'path', [end]: node, node: undefined, other: undefined}); });
  $('swap').addEventListener('click', () => { const {from, to} = state(); go({from: to, to: from}); });
  for (const button of document.querySelectorAll('.modes button')) button.addEventListener('click', () => goMode(button.dataset.mode));
  for (const button of document.querySelectorAll('[data-depth]')) button.addEventListener('click', () => deepen(Number(button.dataset.depth)));
  for (const button of document.querySelectorAll('[data-colour]')) button.addEventListener('click', () => go({colour: button.dataset.colour}));
  for (const button of document.querySelectorAll('[data-export]')) button.addEventListener('click', () => { EXPORTS.get(button.dataset.export)(); $('exports').open = false; });
  for (const button of document.querySelectorAll('.back')) button.addEventListener('click', () => go({mode: 'map', around: undefined, island: undefined}));
  document.addEventListener('pointerdown', (event) => { if (!$('exports').contains(event.target)) $('exports').open = false; });
  $('theme').addEventListener('click', () => theme(!isDark()));
  $('help').addEventListener('click', () => $('about').showModal());
  $('hint-close').addEventListener('click', dismissHint);
  $('search').addEventListener('focus', dismissHint);
  $('guesses').addEventListener('change', () => go({guesses: $('guesses').checked}));
  $('unfilter').addEventListener('click', unfilter);
  $('closer').addEventListener('click', () => zoom(1.5));
  $('farther').addEventListener('click', () => zoom(1 / 1.5));
  $('fit').addEventListener('click', () => frame(true));
  $('filters').addEventListener('toggle', () => legendFilters(state()));
  $('more-rows').addEventListener('click', () => showTable.more());
  $('legend').firstElementChild.addEventListener('click', () => { openLegend.byHand = true; });
  $('legend').addEventListener('toggle', () => { scene.stale = true; network?.redraw(); });
  const dark = matchMedia('(prefers-color-scheme: dark)');
  dark.addEventListener('change', () => theme(dark.matches));
  document.addEventListener('keydown', key);
}

async function draw() {
  // vis-network comes packed as well: its text is run as a script that the policy knows by its hash.
  const island = $('drawing');
  if (!island) return;
  const text = await unpacked(island);
  const script = document.createElement('script');
  const trusted = window.trustedTypes?.createPolicy('kg', {createScript: (given) => { if (given !== text) throw new TypeError('unknown script'); return given; }});
  script.text = trusted ? trusted.createScript(text) : text;
  document.head.append(script);
}

async function start() {
  theme(matchMedia('(prefers-color-scheme: dark)').matches);
  if (typeof DecompressionStream === 'undefined' && $('drawing')) {
    $('waiting').textContent = 'This browser is too old to unpack the page. Make it again with: kg view --no-compress';
    return;
  }
  const [text] = await Promise.all([unpacked($('data')), draw()]);
  took.unpacked = performance.now();
  readGraph(spellOut(JSON.parse(text)));
  took.read = performance.now();
  $('waiting').remove();
  wire();
  if (!graph.count) { emptyPage(); return; }
  startCanvas();
  window.addEventListener('hashchange', show);
  $('hint').hidden = location.hash.length > 1 || graph.count < 2;
  show();
  took.shown = performance.now();
  idle(() => { if (!index.text) buildIndex(); });
}

// For tests and the curious: what is on the canvas, and how long things took.
window.kgView = Object.freeze({
  took,
  live: () => ({nodes: scene.at.size, links: scene.links.length}),
  names: () => scene.names.map(({lines, x, y, w, h, size, node, island}) => ({text: lines.join(' '), x, y, w, h, size, node, island})),
  place: (id) => { const spot = scene.at.get(nodeOf(id)); return spot && network.canvasToDOM(spot); },
  dot: (id) => network.canvasToDOM({x: graph.x[nodeOf(id)], y: graph.y[nodeOf(id)]}),
  address: () => Object.fromEntries(new URLSearchParams(address(state()))),
  busy: () => scene.moving || Boolean(needsLayers() && !layers.whole),
  camera: view,
  search: (text) => search(text).map(({node}) => graph.label[node]),
  ids: (place, kind) => graph.id[kind ? [...graph.label.keys()].filter((node) => kindOf(node).name === kind)[place] : place],
});

start();
