// The address is the only state: a pick writes the hash, the hash is read, and everything is shown
// from it, so that links, reload and the back button need no code of their own.

const MODES = ['map', 'focus', 'path', 'community', 'timeline', 'table'];
const SORTS = ['rank', 'label', 'kind', 'degree', 'island', 'date', 'path'];

function state() {
  const query = new URLSearchParams(location.hash.slice(1));
  const {start} = graph;
  const fresh = [...query].length === 0;
  const asked = fresh ? start.mode : query.get('mode');
  const node = fresh && start.focus !== null && start.focus !== undefined ? start.focus : nodeOf(query.get('node'));
  let mode = MODES.includes(asked) ? asked : fresh && node !== undefined ? 'focus' : 'map';
  const island = number(query.get('community'), graph.islands.length);
  const depth = Number(query.get('depth') ?? (fresh ? start.depth : 1));
  const around = nodeOf(query.get('around')) ?? node;
  if (mode === 'community' && island === undefined) mode = 'map';
  if (mode === 'focus' && around === undefined) mode = graph.count && !query.has('node') ? 'focus' : 'map';
  const sort = (query.get('sort') || '').match(/^(-?)(\w+)$/);
  const now = {
    mode, node, depth: [1, 2, 3].includes(depth) ? depth : 1,
    around: mode === 'focus' ? around ?? 0 : nodeOf(query.get('around')),
    other: node === undefined ? undefined : nodeOf(query.get('other')),
    from: nodeOf(query.get('from')), to: nodeOf(query.get('to')), island, video: nodeOf(query.get('video')),
    hidden: named(query, 'hide', graph.kinds), dropped: named(query, 'without', graph.properties),
    theme: nodeOf(query.get('theme')), country: nodeOf(query.get('country')), guesses: query.get('suggested') !== 'no',
    colour: query.get('colour') === 'kind' ? 'kind' : query.get('colour') === 'community' || graph.communities.length > 1 ? 'community' : 'kind',
    sort: sort && SORTS.includes(sort[2]) ? {column: sort[2], down: sort[1] === '-'} : {column: 'rank', down: true},
  };
  now.lost = ['node', 'around', 'from', 'to', 'video'].some((name) => query.has(name) && nodeOf(query.get(name)) === undefined);
  if (now.other !== undefined && !between(node, now.other).length) now.other = undefined;
  // What is picked is shown, whatever the filters say.
  for (const each of [now.node, now.mode === 'focus' ? now.around : undefined, now.from, now.to]) if (each !== undefined) now.hidden.delete(graph.kind[each]);
  return now;
}

function number(text, end) {
  return text !== null && /^\d+$/.test(text) && Number(text) < end ? Number(text) : undefined;
}

function named(query, key, list) {
  const wanted = new Set(query.getAll(key));
  return new Set([...list.keys()].filter((place) => wanted.has(list[place].name)));
}

function address(next) {
  const query = new URLSearchParams();
  const put = (key, node) => { if (node !== undefined) query.set(key, graph.id[node]); };
  if (next.mode !== 'map') query.set('mode', next.mode);
  put('node', next.node);
  put('other', next.other);
  if (next.mode === 'focus' || (next.mode === 'table' && next.around !== undefined)) {
    if (next.around !== next.node || next.mode === 'table') put('around', next.around);
    query.set('depth', next.depth);
  }
  if (next.mode === 'path') { put('from', next.from); put('to', next.to); }
  if (next.mode === 'timeline') put('video', next.video);
  if ((next.mode === 'community' || next.mode === 'table') && next.island !== undefined) query.set('community', next.island);
  for (const kind of next.hidden) query.append('hide', graph.kinds[kind].name);
  for (const property of next.dropped) query.append('without', graph.properties[property].name);
  put('theme', next.theme);
  put('country', next.country);
  if (!next.guesses) query.set('suggested', 'no');
  if (next.colour !== (graph.communities.length > 1 ? 'community' : 'kind')) query.set('colour', next.colour);
  if (next.sort.column !== 'rank' || !next.sort.down) query.set('sort', `${next.sort.down ? '-' : ''}${next.sort.column}`);
  if ([...query].length === 0) query.set('mode', 'map');
  return query.toString();
}

function go(change) {
  const next = address({...state(), ...change});
  if (location.hash.slice(1) === next) show();
  else location.hash = next;
}

function pick(node) {
  // A neighbourhood stays while the node is in it, and moves along to one that is not.
  const now = state(), change = {node, other: undefined};
  if (now.mode === 'focus' && !scene.at.has(node)) change.around = node;
  else if (now.mode === 'focus') change.around = now.around;
  if (now.mode === 'community' && !(graph.island[node] === now.island || graph.sub[node] === now.island)) change.mode = 'map';
  go(change);
}

const focusOn = (node, depth = state().mode === 'focus' ? state().depth : 1) => go({mode: 'focus', node, around: node, other: undefined, depth});
const nothing = () => go({node: undefined, other: undefined});

function goMode(mode) {
  const now = state();
  const node = now.node ?? now.around;
  const scope = now.mode === 'focus' ? {around: now.around, depth: now.depth} : {around: undefined};
  if (mode === 'table') return go({mode, ...scope, island: now.mode === 'community' ? now.island : undefined});
  if (mode === 'focus') return go({mode, node: node ?? 0, around: now.around ?? node ?? 0, other: undefined});
  if (mode === 'path') return go({mode, from: now.from ?? node, to: now.to});
  if (mode === 'timeline') return go({mode, video: now.video ?? (node !== undefined && videos().has(node) ? node : undefined)});
  return go({mode, around: undefined, island: mode === 'community' ? now.island : undefined});
}
