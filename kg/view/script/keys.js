// Keys of the whole page; those of the canvas are in canvas.js, those of a search field in search.js.

const KEYS = new Map(Object.entries({
  '/': () => $('search').focus(),
  1: () => deepen(1), 2: () => deepen(2), 3: () => deepen(3),
  0: () => { if (state().mode === 'map') frame(true); else goMode('map'); },
  m: () => goMode('map'), f: () => goMode('focus'), p: () => goMode('path'), l: () => goMode('timeline'), t: () => goMode('table'),
  c: () => go({colour: state().colour === 'kind' ? 'community' : 'kind'}),
  '?': () => $('about').showModal(),
  Escape: clear,
}));

function deepen(depth) {
  const now = state(), node = now.mode === 'focus' ? now.around : now.node;
  if (node !== undefined) go({mode: 'focus', depth, around: node, node: now.node ?? node, other: undefined});
}

function clear() {
  const now = state();
  if ($('exports').open) { $('exports').open = false; return; }
  if (now.other !== undefined) go({other: undefined});
  else if (now.mode === 'focus') go(now.node !== undefined && now.node !== now.around ? {node: now.around} : {mode: 'map', around: undefined});
  else if (now.node !== undefined) nothing();
  else if (now.mode !== 'map') goMode('map');
}

function key(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || $('about').open || event.target.matches('input[type="search"], select')) return;
  const act = KEYS.get(event.key);
  if (act && graph.count) { event.preventDefault(); act(); }
}

function dismissHint() {
  $('hint').hidden = true;
}
