// Names on the canvas are ours: always at least 11 pixels, the most important first, none over another.
// They are placed when the picture has come to rest; while it moves they ride along.

const FACE = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif';
const widths = new Map();

function measure(text, font) {
  const key = `${font} ${text}`;
  if (!widths.has(key)) {
    if (widths.size > 20000) widths.clear();
    measure.context ||= document.createElement('canvas').getContext('2d');
    measure.context.font = font;
    widths.set(key, measure.context.measureText(text).width);
  }
  return widths.get(key);
}

function fitted(text, font, most) {
  // Cut to a width, by halving; whole letters, so that an emoji or an accent stays whole.
  text = text.length > 200 ? [...text].slice(0, 200).join('') : text;
  if (measure(text, font) <= most) return text;
  const letters = [...text];
  let low = 0, high = letters.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (measure(`${letters.slice(0, middle).join('').trimEnd()}…`, font) <= most) low = middle; else high = middle - 1;
  }
  return low ? `${letters.slice(0, low).join('').trimEnd()}…` : '';
}

function wrapped(text, font, most, lines) {
  const words = text.slice(0, 240).split(/\s+/).filter(Boolean), rows = [];
  let row = '';
  for (const [place, word] of words.entries()) {
    const longer = row ? `${row} ${word}` : word;
    if (!row || measure(longer, font) <= most) { row = longer; continue; }
    if (rows.length === lines - 1) { row = [row, ...words.slice(place)].join(' '); break; }
    rows.push(row);
    row = word;
  }
  // One long word is better shown whole than cut to a width that was meant for several.
  if (lines > 1) most = Math.max(most, Math.min(most * 1.4, 170, Math.max(0, ...words.map((word) => measure(word, font)))));
  return [...rows, row].filter(Boolean).map((each) => fitted(each, font, most)).filter(Boolean);
}

const hits = (a, b, gap) => a.x < b.x + b.w + gap && b.x < a.x + a.w + gap && a.y < b.y + b.h && b.y < a.y + a.h;

class Room {
  // Boxes that are taken, in a grid of cells, so that a test looks at a few of them only.
  constructor(boxes) { this.cells = new Map(); boxes.forEach((box) => this.take(box)); }

  each(box, act) {
    for (let column = Math.floor((box.x - 6) / 90); column <= (box.x + box.w + 6) / 90; column += 1) {
      for (let row = Math.floor(box.y / 60); row <= (box.y + box.h) / 60; row += 1) if (act(`${column},${row}`)) return true;
    }
    return false;
  }

  take(box) { this.each(box, (cell) => { const list = this.cells.get(cell); if (list) list.push(box); else this.cells.set(cell, [box]); }); }

  free(box, gap) { return !this.each(box, (cell) => this.cells.get(cell)?.some((other) => hits(box, other, gap))); }
}

function cards() {
  // What lies over the canvas is in the way of names, like other names.
  const box = $('graph').getBoundingClientRect();
  return [...document.querySelectorAll('#stage > .card:not([hidden]), #status, #hint:not([hidden])')].map((card) => {
    const {x, y, width, height} = card.getBoundingClientRect();
    return {x: x - box.x, y: y - box.y, w: width, h: height};
  });
}

// A candidate: {lines, font, size, tries: [{x, y, align}] (of the box's edge or middle), weight, anchor, ...}
function placeNames(origin, scale) {
  const {width, height} = $('graph').getBoundingClientRect();
  const discs = [];
  for (const [node, spot] of scene.at) {
    const x = origin.x + spot.x * scale, y = origin.y + spot.y * scale, r = radius(node, scale);
    if (x > -r && y > -r && x < width + r && y < height + r) discs.push({node, x: x - r, y: y - r, w: 2 * r, h: 2 * r});
  }
  const taken = new Room(cards()), dots = new Room(discs.filter(({node, w}) => w > (scene.columns ? 0 : 7) && !dimmed(node)));
  const names = [];
  const candidates = scene.candidates ? scene.candidates({origin, scale, width, height, discs}) : [];
  for (const each of candidates) {
    if (names.length > 260) break;
    if (each.instead && names.some(({island}) => island === each.island)) continue;
    const w = Math.max(...each.lines.map((line) => measure(line, each.font))), h = each.size * 1.25 * each.lines.length;
    for (const {x, y, align} of each.tries) {
      const box = {x: align === 'left' ? x : align === 'right' ? x - w : x - w / 2, y: y - h / 2, w, h};
      if (!each.sure && (box.x < 2 || box.y < 2 || box.x + w > width - 2 || box.y + h > height - 2)) continue;
      if (!taken.free(box, 5) || (!each.over && !dots.free({x: box.x, y: box.y + 1, w, h: h - 2}, 0))) continue;
      taken.take(box);
      names.push({...each, ...box, align: align || 'center',
        ax: each.anchor ? each.anchor.x : 0, ay: each.anchor ? each.anchor.y : 0});
      break;
    }
  }
  return names;
}

function drawNames(context, origin, scale) {
  if (scene.stale && !(scene.moving && scene.placedAt && performance.now() - scene.placedAt < 140) || scene.scale !== scale && !scene.moving) {
    scene.names = placeNames(origin, scale).map((name) => ({...name, dx: name.x - (origin.x + name.ax * scale), dy: name.y - (origin.y + name.ay * scale)}));
    scene.stale = scene.moving;
    scene.scale = scale;
    scene.placedAt = performance.now();
  }
  const ratio = context.getTransform().a;
  for (const name of scene.names) {
    name.x = origin.x + name.ax * scale + name.dx;       // it rides along with what it names
    name.y = origin.y + name.ay * scale + name.dy;
    const {canvas: drawn, pad} = sprite(name, ratio);
    context.globalAlpha = name.alpha ?? 1;
    context.drawImage(drawn, Math.round((name.x - pad) * ratio) / ratio, Math.round((name.y - pad) * ratio) / ratio, drawn.width / ratio, drawn.height / ratio);
  }
  context.globalAlpha = 1;
}

const sprites = new Map();

function sprite(name, ratio) {
  // Letters with a halo take a tenth of a millisecond each time they are drawn, so a name is drawn once and copied.
  const ink = colours[name.colour || 'ink'], key = `${ratio} ${name.font} ${ink} ${colours.ground} ${name.align} ${name.lines.join('\n')}`;
  if (sprites.has(key)) return sprites.get(key);
  if (sprites.size > 800) sprites.clear();
  const pad = 4, drawn = document.createElement('canvas'), context = drawn.getContext('2d');
  drawn.width = Math.ceil((name.w + 2 * pad) * ratio);
  drawn.height = Math.ceil((name.h + 2 * pad) * ratio);
  context.scale(ratio, ratio);
  Object.assign(context, {font: name.font, textAlign: name.align, textBaseline: 'middle', lineJoin: 'round', strokeStyle: colours.ground, fillStyle: ink, lineWidth: name.halo || 4});
  const x = pad + (name.align === 'left' ? 0 : name.align === 'right' ? name.w : name.w / 2);
  const rows = name.lines.map((line, row) => [line, pad + name.size * 1.25 * (row + 0.5)]);
  for (const [line, y] of rows) context.strokeText(line, x, y);
  for (const [line, y] of rows) context.fillText(line, x, y);
  sprites.set(key, {canvas: drawn, pad});
  return sprites.get(key);
}

function nodeCandidate(node, spot, {origin, scale}, {most = 180, strong = false, rows = 1} = {}) {
  const size = strong ? 13 : 12, font = `${strong ? '600 ' : ''}${size}px ${FACE}`;
  const x = origin.x + spot.x * scale, y = origin.y + spot.y * scale, gap = radius(node, scale) + 5;
  const lines = rows > 1 ? wrapped(graph.label[node], font, most, rows) : [fitted(graph.label[node], font, most)];
  const high = size * 1.25 * lines.length / 2;
  return {
    node, lines, font, size, anchor: spot, hit: {node}, sure: false,
    tries: [{x: x + gap, y, align: 'left'}, {x, y: y + gap + high - 2}, {x, y: y - gap - high + 2}, {x: x - gap, y, align: 'right'}],
  };
}
