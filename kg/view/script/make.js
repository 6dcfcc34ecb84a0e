// Words, elements and shapes. Whatever comes from a note becomes a text node: nothing here reads markup.

const plural = (count, word) => `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`;
const titled = (name) => name.charAt(0).toUpperCase() + name.slice(1);
const spaced = (name) => name.replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2').toLowerCase();
const kindOf = (node) => graph.kinds[graph.kind[node]] || {name: 'thing', shape: 'dot', tone: 8, filled: true};
const kindName = (kind) => titled(spaced(kind.name));
const still = matchMedia('(prefers-reduced-motion: reduce)');

function propertyLabel(property, incoming) {
  const {name, label, inverse} = graph.properties[property] || {name: 'linked'};
  return (incoming ? inverse || `is “${label || spaced(name)}” of` : label) || spaced(name);
}

function folded(text) {
  const low = text.toLowerCase();
  // eslint-disable-next-line no-control-regex
  const plain = /^[\x00-\x7f]*$/.test(low) ? low : low.normalize('NFD').replace(/\p{M}/gu, '').replace(/ß/g, 'ss');
  return plain.replace(/[\s_\-/]+/g, ' ').trim();
}

function shorten(text, most) {
  if (text.length <= most) return text;
  const letters = [...text];
  return letters.length > most ? `${letters.slice(0, most - 1).join('').trimEnd()}…` : text;
}

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === 'click') element.addEventListener('click', value);
    else if (value !== false && value !== undefined && value !== null) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

function drawing(tag, attributes, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

// Each shape in a box from -1 to 1; a dot has none. All are about as large to the eye.
const OUTLINES = new Map(Object.entries({
  square: [[-0.85, -0.85], [0.85, -0.85], [0.85, 0.85], [-0.85, 0.85]],
  diamond: [[0, -1.15], [1.15, 0], [0, 1.15], [-1.15, 0]],
  triangle: [[0, -1.1], [1.1, 0.85], [-1.1, 0.85]],
  triangleDown: [[0, 1.1], [1.1, -0.85], [-1.1, -0.85]],
  hexagon: [[-0.55, -0.95], [0.55, -0.95], [1.1, 0], [0.55, 0.95], [-0.55, 0.95], [-1.1, 0]],
  star: [...Array(10).keys()].map((turn) => [Math.sin(turn * Math.PI / 5) * (turn % 2 ? 0.55 : 1.25), -Math.cos(turn * Math.PI / 5) * (turn % 2 ? 0.55 : 1.25)]),
}));

function outline(shape, x, y, r) {
  const corners = OUTLINES.get(shape);
  const at = (value) => Math.round(value * 100) / 100;
  if (!corners) return `M${at(x - r)} ${at(y)}a${at(r)} ${at(r)} 0 1 0 ${at(2 * r)} 0a${at(r)} ${at(r)} 0 1 0 ${at(-2 * r)} 0Z`;
  return `M${corners.map(([dx, dy]) => `${at(x + dx * r)} ${at(y + dy * r)}`).join('L')}Z`;
}

function trace(context, shape, x, y, r) {
  const corners = OUTLINES.get(shape);
  context.beginPath();
  if (!corners) context.arc(x, y, r, 0, 2 * Math.PI);
  else {
    corners.forEach(([dx, dy], place) => (place ? context.lineTo(x + dx * r, y + dy * r) : context.moveTo(x + dx * r, y + dy * r)));
    context.closePath();
  }
}

function swatch({shape, tone, filled}) {
  const path = drawing('path', {d: outline(shape, 8, 8, filled ? 5.8 : 5.2), fill: filled ? 'currentColor' : 'none', stroke: 'currentColor', 'stroke-width': filled ? 0 : 1.8});
  return drawing('svg', {class: `swatch tone-${tone}`, viewBox: '0 0 16 16', 'aria-hidden': 'true'}, path);
}

const swatchOf = (node) => swatch({...kindOf(node), tone: toneOf(node)});

// ---- Addresses: of the web, of files and of programs that open notes; nothing else becomes a link ----

function outward(address, attributes, ...children) {
  if (!/^(https?|file|obsidian|vscode|vscodium|logseq):\/\//i.test(address || '')) return undefined;
  const away = /^http/i.test(address) ? {target: '_blank', rel: 'noopener noreferrer'} : {};
  return make('a', {...attributes, href: address, ...away}, ...children);
}

function noteAddress(path, line) {
  const form = graph.links.notes || '';
  if (!form || !path) return '';
  const whole = /^obsidian:/i.test(form) ? encodeURIComponent : (text) => text.split('/').map(encodeURIComponent).join('/');
  const words = new Map([['path', whole(path)], ['stem', whole(path.replace(/\.md$/i, ''))], ['line', String(line || 1)]]);
  return form.replace(/\{(path|stem|line)\}/g, (_, name) => words.get(name));
}

function moment(video, second) {
  const address = graph.url.get(video) || '';
  if (second < 0 || !address) return address;
  return `${address}${address.includes('?') ? '&' : '?'}t=${second}s`;
}

function clock(second) {
  const parts = [Math.floor(second / 3600), Math.floor(second / 60) % 60, second % 60];
  return (parts[0] ? parts : parts.slice(1)).map((part, place) => (place ? String(part).padStart(2, '0') : String(part))).join(':');
}

function say(words) {
  // Read out and shown for a moment, such as "Copied".
  const note = $('said');
  note.textContent = words;
  note.classList.add('there');
  clearTimeout(say.timer);
  say.timer = setTimeout(() => note.classList.remove('there'), 2200);
}
