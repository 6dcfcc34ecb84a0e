// The panel: what is picked, all that is said of it, and where.

function closeButton() {
  return make('button', {type: 'button', class: 'icon', 'aria-label': 'Close details', click: nothing}, '×');
}

function fact(name, value) {
  return value ? [make('dt', {}, name), make('dd', {}, value)] : [];
}

function copyButton(words, text) {
  return make('button', {type: 'button', class: 'plain', click: () => copy(text())}, words);
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Frames of notebooks and old browsers have no clipboard for pages; selecting and copying still works there.
    const area = make('textarea', {readonly: '', class: 'unseen', 'aria-hidden': 'true'});
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  say('Copied');
}

const inQuery = (address1) => `<${address1.replace(/[\x00-\x20<>"{}|^`\\]/g, (letter) => encodeURIComponent(letter))}>`;

function sparqlOf(node) {
  const it = inQuery(iri(node));
  return `SELECT ?from ?property ?to WHERE {\n  { ${it} ?property ?to }\n  UNION\n  { ?from ?property ${it} }\n}`;
}

function sparqlBetween(one, other) {
  return `SELECT ?from ?property ?to WHERE {\n  VALUES (?from ?to) { (${inQuery(iri(one))} ${inQuery(iri(other))}) (${inQuery(iri(other))} ${inQuery(iri(one))}) }\n  ?from ?property ?to\n}`;
}

function groupsOf(node) {
  const found = [];
  for (const [edges, incoming] of [[outEdges(node), false], [inEdges(node), true]]) {
    const sorted = new Map();
    for (const edge of edges) {
      if (!passes(edge) || (incoming && graph.from[edge] === node)) continue;
      const property = graph.property[edge];
      if (sorted.has(property)) sorted.get(property).push(edge); else sorted.set(property, [edge]);
    }
    for (const property of [...sorted.keys()].sort((a, b) => a - b)) found.push(...group(property, incoming, sorted.get(property)));
  }
  return found;
}

function group(property, incoming, edges) {
  const end = (edge) => (incoming ? graph.from[edge] : graph.to[edge]);
  edges.sort((a, b) => end(a) - end(b) || a - b);
  const item = (edge) => make('li', {}, goTo(end(edge)), guessMark(edge), proofs(edge));
  return [
    make('h3', {}, make('span', {'aria-hidden': 'true', class: 'way'}, incoming ? '←' : '→'), titled(propertyLabel(property, incoming)), make('span', {class: 'count'}, edges.length.toLocaleString('en'))),
    ...longList('ends', edges, item, 25),
  ];
}

function communityLine(node) {
  const island = communityOf(node);
  return island?.name && graph.communities.length > 1 ? make('button', {type: 'button', class: 'go', click: () => openIsland(island.number)}, island.name) : null;
}

function nodePanel(node, now) {
  const path = graph.path.get(node), url = graph.url.get(node);
  const centre = now.mode === 'focus' && now.around === node;
  const file = path && make('code', {}, outward(noteAddress(path, 1), {}, breakable(path)) || breakable(path));
  return [
    make('div', {class: 'top'}, kindLine(node), closeButton()),
    make('h2', {}, make('bdi', {}, graph.label[node])),
    /^missing/i.test(kindOf(node).name) ? make('p', {class: 'hint'}, 'Linked to, but not written yet.') : null,
    graph.summary.get(node) ? make('p', {class: 'summary'}, make('bdi', {}, graph.summary.get(node))) : null,
    make('div', {class: 'actions'},
      centre ? null : make('button', {type: 'button', class: 'main', click: () => focusOn(node, 1)}, 'Focus'),
      make('button', {type: 'button', class: 'plain', click: () => go({mode: 'path', from: node, to: undefined})}, 'Path from here…'),
      graph.url.has(node) && videos().has(node) ? make('button', {type: 'button', class: 'plain', click: () => go({mode: 'timeline', video: node})}, 'Timeline') : null,
      url ? outward(url, {class: 'plain'}, 'Open ↗') : null),
    make('dl', {class: 'facts'},
      fact('File', file),
      fact('Also', (graph.aliases.get(node) || []).join(' · ')),
      fact('Date', graph.date.get(node)),
      fact('Community', communityLine(node)),
      fact('Neighbours', graph.degree[node].toLocaleString('en'))),
    ...groupsOf(node),
    make('div', {class: 'actions copies'}, copyButton('Copy as SPARQL', () => sparqlOf(node)), copyButton('Copy IRI', () => iri(node))),
  ];
}

function statements(edges, first) {
  return [...edges].sort((a, b) => (graph.from[a] === first ? -1 : 1) - (graph.from[b] === first ? -1 : 1) || a - b).map((edge) => [
    make('h3', {}, titled(propertyLabel(graph.property[edge])), guessMark(edge)),
    make('p', {class: 'hint'}, make('bdi', {}, graph.label[graph.from[edge]]), ' → ', make('bdi', {}, graph.label[graph.to[edge]])),
    proofs(edge),
  ]).flat(2);
}

function linkPanel(one, other) {
  return [
    make('div', {class: 'top'}, make('span', {class: 'kind'}, 'Link'), closeButton()),
    make('h2', {class: 'unseen'}, `${graph.label[one]} and ${graph.label[other]}`),
    make('ul', {class: 'ends pair'}, make('li', {}, goTo(one)), make('li', {}, goTo(other))),
    ...statements(between(one, other), one),
    make('div', {class: 'actions copies'}, copyButton('Copy as SPARQL', () => sparqlBetween(one, other))),
  ];
}

function pathPanel(now) {
  const {from, to} = now, {way} = scene;
  if (from === undefined || to === undefined) {
    return [make('h2', {}, 'Path'), make('p', {class: 'hint'}, 'Name two things above, and the shortest way between them is shown here, each step with the sentence that says it.')];
  }
  if (!way) return [make('h2', {}, 'No path'), make('p', {class: 'hint'}, `Nothing leads from “${graph.label[from]}” to “${graph.label[to]}” in either direction${shown.count < graph.count || shown.properties.size ? ', with these filters' : ''}.`)];
  const steps = way.slice(1).map((node, place) => make('li', {}, goTo(way[place]), make('div', {class: 'step'}, statements(between(way[place], node).filter(passes), way[place]))));
  return [make('h2', {}, way.length === 1 ? 'The same thing' : `${plural(way.length - 1, 'step')}`), make('p', {class: 'hint'}, 'Each step with the sentence that says it.'),
    make('ol', {class: 'way-steps'}, steps, make('li', {}, goTo(way.at(-1))))];
}

function communityPanel(island) {
  const {name, parent} = graph.islands[island];
  const members = [...graph.label.keys()].filter((node) => shown.node[node] && (graph.island[node] === island || graph.sub[node] === island));
  const parts = partsOf(island), beside = bands().filter(({one, other}) => one.number === island || other.number === island).slice(0, 8).map(({one, other}) => (one.number === island ? other : one));
  return [
    make('div', {class: 'top'}, make('span', {class: 'kind'}, 'Community'), make('button', {type: 'button', class: 'icon', 'aria-label': 'Back to the map', click: () => go({mode: 'map'})}, '×')),
    make('h2', {}, name),
    make('p', {class: 'hint'}, `${plural(members.length, 'node')} that are linked more to each other than to the rest.`),
    parent >= 0 ? make('p', {class: 'hint'}, 'Part of ', islandButton(graph.islands[parent])) : null,
    ...(parts.length > 1 ? [make('h3', {}, 'Parts'), make('ul', {class: 'ends tight'}, parts.map((part) => make('li', {}, islandButton(part))))] : []),
    make('h3', {}, 'Most important'), make('ul', {class: 'ends tight'}, members.slice(0, 15).map((node) => make('li', {}, goTo(node)))),
    ...(beside.length ? [make('h3', {}, 'Linked most to'), make('ul', {class: 'ends tight'}, beside.map((each) => make('li', {}, islandButton(each))))] : []),
  ];
}

function islandButton(island) {
  return make('button', {type: 'button', class: 'go', click: () => openIsland(island.number)}, swatch({shape: 'dot', tone: islandTone(island), filled: true}),
    make('bdi', {}, island.name || 'unnamed'), make('span', {class: 'count'}, (island.nodes || 0).toLocaleString('en')));
}

function overview() {
  const named1 = graph.communities.filter(({name}) => name);
  // The only one of its kind, such as the channel of all videos, says little.
  const sizes = tally(graph.kind, graph.kinds.length);
  const important = [...graph.label.keys()].filter((node) => shown.node[node] && (sizes[graph.kind[node]] > 1 || graph.count < 30)).slice(0, 12);
  return [
    make('h2', {}, graph.title),
    make('p', {class: 'hint'}, counted()),
    make('p', {class: 'hint'}, 'Click a dot for the sentences behind it, a line for what links two things, a name of a community to open it.'),
    make('h3', {}, 'Most important'), make('ul', {class: 'ends tight'}, important.map((node) => make('li', {}, goTo(node)))),
    ...(named1.length > 1 ? [make('h3', {}, 'Communities', make('span', {class: 'count'}, String(named1.length))), ...longList('ends tight', named1, (island) => make('li', {}, islandButton(island)), 24)] : []),
  ];
}

function counted() {
  const {total, left} = graph, out = [];
  if (left.nodes) out.push(plural(left.nodes, 'node'));
  if (left.edges) out.push(plural(left.edges, 'statement'));
  if (left.texts) out.push(plural(left.texts, 'sentence'));
  return `${plural(total.nodes, 'node')} and ${plural(total.edges, 'statement')} in the graph.${out.length ? ` Not in this page: ${out.join(', ')}.` : ''}`;
}

function showPanel(now) {
  const panel = $('panel');
  const parts = now.other !== undefined ? linkPanel(now.node, now.other)
    : now.mode === 'path' && now.node === undefined ? pathPanel(now)
      : now.node !== undefined ? nodePanel(now.node, now)
        : now.mode === 'community' && now.island !== undefined ? communityPanel(now.island) : overview();
  panel.replaceChildren(...parts.flat(3).filter(Boolean));
  panel.scrollTop = 0;
}
