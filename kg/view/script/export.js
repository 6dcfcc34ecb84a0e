// What is seen as a picture (PNG, SVG), and what it shows as statements (Turtle).

function download(name, blob) {
  const link = make('a', {href: URL.createObjectURL(blob), download: name});
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 4000);
}

function fileName(ending) {
  const now = shownState, node = now.mode === 'focus' ? now.around : undefined;
  const words = node !== undefined ? graph.label[node] : graph.title || 'graph';
  return `${folded(words).replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '').slice(0, 60) || 'graph'}.${ending}`;
}

function savePng() {
  const source = canvas.querySelector('canvas'), copy1 = document.createElement('canvas');
  copy1.width = source.width;
  copy1.height = source.height;
  const context = copy1.getContext('2d');
  context.fillStyle = colours.ground;
  context.fillRect(0, 0, copy1.width, copy1.height);
  context.drawImage(source, 0, 0);
  copy1.toBlob((blob) => download(fileName('png'), blob), 'image/png');
}

// XML has no place for control characters, whatever a label holds.
// eslint-disable-next-line no-control-regex
const clean = (text) => text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '').replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '');

function svgPicture() {
  const {scale, width, height, left, right, top, bottom} = view();
  const at = ({x, y}) => ({x: Math.round((x - left) * scale * 10) / 10, y: Math.round((y - top) * scale * 10) / 10});
  const seen = ({x, y}, r = 0) => x + r > left && x - r < right && y + r > top && y - r < bottom;
  const parts = [drawing('title', {}, clean(graph.title || 'Graph')), drawing('rect', {width, height, fill: colours.ground})];
  if (scene.under) for (const island of graph.islands) {
    if ((scene.island !== undefined && island.number !== scene.island && island.parent !== scene.island) || !seen(island, island.r) || island.r * scale < 3) continue;
    const {x, y} = at(island);
    parts.push(drawing('circle', {cx: x, cy: y, r: Math.round(island.r * scale), fill: colours.tones[islandTone(island)], 'fill-opacity': 0.07}));
  }
  if (needsLayers()) for (let node = graph.count - 1; node >= 0; node -= 1) {
    const spot = {x: graph.x[node], y: graph.y[node]};
    if (scene.at.has(node) || !inMap(node) || !seen(spot)) continue;
    const {x, y} = at(spot);
    parts.push(drawing('circle', {cx: x, cy: y, r: Math.round(radius(node, scale) * 10) / 10, fill: colours.tones[toneOf(node)], 'fill-opacity': scene.bright ? 0.3 : 0.9}));
  }
  for (const link of scene.links) {
    const style = STYLES.get(linkStyle(link));
    if (!style) continue;
    const line = curve(link), a = at(line.a), b = at(line.b), c = line.c && at(line.c), d = line.d && at(line.d);
    parts.push(drawing('path', {d: c ? `M${a.x} ${a.y}C${c.x} ${c.y} ${d.x} ${d.y} ${b.x} ${b.y}` : `M${a.x} ${a.y}L${b.x} ${b.y}`, fill: 'none',
      stroke: colours[style.colour], 'stroke-opacity': style.alpha, 'stroke-width': style.width, 'stroke-dasharray': link.guess ? '2 4' : 'none'}));
  }
  for (const [node, spot] of scene.at) {
    if (!seen(spot, 40 / scale)) continue;
    const {x, y} = at(spot), {shape, filled} = kindOf(node), tone = colours.tones[toneOf(node)], hollow = !filled || graph.guess.has(node);
    parts.push(drawing('path', {d: outline(shape, x, y, radius(node, scale)), fill: hollow ? colours.ground : tone, stroke: hollow ? tone : colours.ground, 'stroke-width': hollow ? 1.6 : 1, opacity: dimmed(node) ? 0.22 : 1}));
  }
  for (const name of scene.names) {
    const x = name.align === 'left' ? name.x : name.align === 'right' ? name.x + name.w : name.x + name.w / 2;
    name.lines.forEach((line, row) => parts.push(drawing('text', {
      x: Math.round(x * 10) / 10, y: Math.round((name.y + name.size * 1.25 * (row + 0.5)) * 10) / 10, 'font-family': FACE, 'font-size': name.size, 'font-weight': /^(\d+) /.exec(name.font)?.[1] || 400,
      'text-anchor': new Map([['left', 'start'], ['right', 'end']]).get(name.align) || 'middle', 'dominant-baseline': 'central', fill: colours.ink, stroke: colours.ground, 'stroke-width': 3, 'paint-order': 'stroke', 'stroke-linejoin': 'round', opacity: name.alpha ?? 1,
    }, clean(line))));
  }
  const svg = drawing('svg', {width, height, viewBox: `0 0 ${width} ${height}`}, ...parts);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(svg)}\n`;
}

// ---- Turtle -----------------------------------------------------------------------------------------

const inTurtle = (text) => `"${text.replace(/[\\"\n\r\t]/g, (letter) => new Map([['\\', '\\\\'], ['"', '\\"'], ['\n', '\\n'], ['\r', '\\r'], ['\t', '\\t']]).get(letter))
  // eslint-disable-next-line no-control-regex
  .replace(/[\x00-\x1f\x7f]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')}"`;

function term(address1) {
  // An IRI as Turtle allows it; what is none becomes one below the base.
  const whole = /^[a-z][a-z0-9+.-]*:/i.test(address1) ? address1 : (graph.base || 'https://example.org/kg/') + encodeURIComponent(clean(address1));
  return `<${clean(whole).replace(/[\x00-\x20<>"{}|^`\\]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)}>`;
}

function turtle() {
  const {nodes} = scopeOf(shownState), within = new Set(nodes);
  const lines = [`# ${plural(nodes.length, 'node')} from ${JSON.stringify(clean(graph.title || 'a graph'))}, as shown by kg view`, '@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .', ''];
  let guesses = 0;
  for (const node of nodes) {
    const facts = [];
    const {iri: type} = kindOf(node);
    if (type) facts.push(`a ${term(type)}`);
    facts.push(`rdfs:label ${inTurtle(graph.label[node])}`);
    for (const edge of outEdges(node)) {
      if (!within.has(graph.to[edge]) || !passes(edge)) continue;
      if (graph.suggested[edge]) { guesses += 1; continue; }
      const property = graph.properties[graph.property[edge]];
      facts.push(`${term(property.iri || property.name)} ${term(iri(graph.to[edge]))}`);
    }
    lines.push(`${term(iri(node))} ${facts.join(' ;\n    ')} .`);
  }
  if (guesses) lines.push(`# Left out: ${plural(guesses, 'statement')} that rules only suggest.`);
  return `${lines.join('\n')}\n`;
}

const EXPORTS = new Map(Object.entries({
  png: savePng,
  svg: () => download(fileName('svg'), new Blob([svgPicture()], {type: 'image/svg+xml'})),
  ttl: () => download(fileName('ttl'), new Blob([turtle()], {type: 'text/turtle'})),
}));
