// The same nodes as a table that can be sorted: also what a screen reader gets. Rows come in portions,
// since thirty thousand at once would hold up the page.

const PORTION = 200;
const COLUMNS = new Map(Object.entries({
  label: {name: 'Name', value: (node) => folded(graph.label[node]), first: 1},
  kind: {name: 'Kind', value: (node) => graph.kind[node], first: 1},
  degree: {name: 'Neighbours', value: (node) => graph.degree[node], first: -1},
  rank: {name: 'Importance', value: (node) => -node, first: -1},
  island: {name: 'Community', value: (node) => folded(communityOf(node)?.name || '\uffff'), first: 1},
  date: {name: 'Date', value: (node) => graph.date.get(node) || '', first: -1},
  path: {name: 'File', value: (node) => graph.path.get(node) || '\uffff', first: 1},
}));

function scopeOf(now) {
  // What the table lists and Turtle carries: a neighbourhood, a path, a community, or all there is.
  if (now.mode === 'path') return {nodes: [...scene.at.keys()], words: 'on this path'};
  if (now.around !== undefined && (now.mode === 'focus' || now.mode === 'table')) {
    return {nodes: [...neighbourhood(now.around, now.depth)].sort((a, b) => a - b), words: `within ${plural(now.depth, 'hop')} of ${shorten(graph.label[now.around], 60)}`};
  }
  const all = [...graph.label.keys()].filter((node) => shown.node[node]);
  if (now.island !== undefined && (now.mode === 'community' || now.mode === 'table')) {
    return {nodes: all.filter((node) => graph.island[node] === now.island || graph.sub[node] === now.island), words: `in the community “${shorten(graph.islands[now.island].name, 60)}”`};
  }
  return {nodes: all, words: all.length < graph.count ? 'that pass the filters' : ''};
}

function columnsUsed() {
  return [...COLUMNS].filter(([key]) => (key !== 'date' || graph.date.size) && (key !== 'path' || graph.path.size) && (key !== 'island' || graph.communities.length > 1));
}

function showTable(now) {
  const began = performance.now(), {column, down} = now.sort;
  const {nodes, words} = scopeOf(now), columns = columnsUsed();
  const {value} = COLUMNS.get(column);
  const rows = nodes.map((node) => [value(node), node]).sort(([a, one], [b, other]) => (a < b ? -1 : a > b ? 1 : 0) * (down ? -1 : 1) || one - other);
  $('list-caption').textContent = words ? `${plural(nodes.length, 'node')} ${words}, of ${graph.count.toLocaleString('en')} in this page.` : counted();
  $('heads').replaceChildren(...columns.map(([key, {name, first}]) => make('th', {
    scope: 'col', class: `of-${key}`, 'data-column': key, 'aria-sort': key === column ? (down ? 'descending' : 'ascending') : undefined,
  }, make('button', {type: 'button', click: () => go({sort: {column: key, down: key === column ? !down : first < 0}})}, name))));
  const body = $('rows');
  body.replaceChildren();
  const more = () => {
    const from = body.childElementCount, next = rows.slice(from, from + PORTION);
    body.append(...next.map(([, node], place) => tableRow(node, from + place, columns, now)));
    $('more-rows').hidden = body.childElementCount >= rows.length;
    $('more-rows').textContent = `Show ${Math.min(PORTION, rows.length - body.childElementCount)} more of ${(rows.length - body.childElementCount).toLocaleString('en')}`;
  };
  showTable.more = more;
  $('table').setAttribute('aria-rowcount', rows.length + 1);
  more();
  took.table = performance.now() - began;
}

function tableRow(node, place, columns, now) {
  const cells = new Map([
    ['label', () => make('button', {type: 'button', class: 'go', click: () => pick(node)}, make('bdi', {}, graph.label[node]))],
    ['kind', () => kindLine(node)],
    ['degree', () => graph.degree[node].toLocaleString('en')],
    ['rank', () => `${(node + 1).toLocaleString('en')}.`],
    ['island', () => communityOf(node)?.name || ''],
    ['date', () => graph.date.get(node) || ''],
    ['path', () => make('bdi', {}, graph.path.get(node) || '')],
  ]);
  return make('tr', {class: node === now.node ? 'picked' : undefined, 'aria-rowindex': place + 2}, columns.map(([key]) => make('td', {class: `of-${key}`}, cells.get(key)())));
}
