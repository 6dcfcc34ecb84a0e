// The columns of the page are written to be short (see kg/view/payload.py: steps instead of numbers, counts
// instead of repeated ends); here they are spelt out again.

function spellOut(data) {
  const {nodes, edges, places, prefixes} = data;
  if (!places || !edges.of) return data;
  // "theme:-" is the label in small letters with "-" for blanks, "note:_" the same with "_".
  nodes.id = nodes.id.map((id, node) => (/:[-_]$/.test(id) && Object.hasOwn(prefixes, id.slice(0, -2)) ? id.slice(0, -1) + nodes.label[node].toLowerCase().replaceAll(' ', id.at(-1)) : id));
  nodes.path = pathsOf(data);
  data.edges = {...edges, ...endsOf(edges)};
  const all = placesOf(nodes, places);
  data.evidence = evidenceColumns(data, all);
  data.passagesOf = () => passagesOf(all);        // only the timeline needs them
  return data;
}

function pathsOf({nodes, kinds}) {
  // A note without a path has that of its id.
  const paths = new Map(Object.entries(nodes.path || {}));
  const kind = kinds.findIndex(({name}) => name.toLowerCase() === 'note');
  nodes.id.forEach((id, node) => { if (nodes.kind[node] === kind && id.startsWith('note:') && !paths.has(String(node))) paths.set(String(node), `${id.slice(5)}.md`); });
  return Object.fromEntries(paths);
}

function endsOf({of, to: steps, kept, more = {}}) {
  const many = steps.length, from = new Int32Array(many), to = new Int32Array(many), first = new Int32Array(many), count = new Int32Array(many);
  for (let node = 0, edge = 0; node < of.length; node += 1) {
    for (let turn = 0; turn < of[node]; turn += 1, edge += 1) {
      from[edge] = node;
      to[edge] = turn ? to[edge - 1] + steps[edge] : steps[edge];
    }
  }
  for (let edge = 0; edge < many; edge += 1) {
    first[edge] = edge ? first[edge - 1] + kept[edge - 1] : 0;
    count[edge] = kept[edge] + (more[edge] || 0);
  }
  return {from, to, evidence: first, count};
}

function placesOf(nodes, places) {
  // Sorted by note, line, second; the first line and second of a note in full, then steps.
  const all = places.line.length;
  const column = () => new Int32Array(all);
  const found = {note: column(), line: column(), second: column(), video: column(), text: column(), start: new Int32Array(places.of.length), of: places.of, timecode: places.timecode || {}, url: places.url || {}};
  for (let node = 0, place = 0, next = 0; node < places.of.length; node += 1) {
    found.start[node] = place;
    for (let turn = 0, line = 0, second = 0; turn < places.of[node]; turn += 1, place += 1) {
      const step = places.second[place], text = places.text[place];
      line += places.line[place];
      if (step !== '') second += step;
      found.note[place] = node;
      found.line[place] = line;
      found.second[place] = step === '' ? -1 : second;
      found.video[place] = places.video?.[place] ?? (step === '' ? -1 : nodes.video?.[node] ?? -1);
      found.text[place] = text === 0 ? -1 : text === 1 ? next++ : text - 2;
    }
  }
  return found;
}

function evidenceColumns({edges, evidence}, places) {
  const said = new Int32Array(evidence.length);
  for (let edge = 0, at = 0; edge < edges.from.length; edge += 1) {
    const from = edges.from[edge], start = places.of[from] ? places.start[from] : 0;
    for (let turn = 0; turn < edges.kept[edge]; turn += 1, at += 1) said[at] = evidence[at] + start;
  }
  const picked = (column) => {      // a loop: Int32Array.from with a function takes ten times as long
    const found = new Int32Array(said.length);
    for (let at = 0; at < said.length; at += 1) found[at] = column[said[at]];
    return found;
  };
  return {
    note: picked(places.note), line: picked(places.line), second: picked(places.second), video: picked(places.video), text: picked(places.text),
    place: said, timecode: places.timecode, url: places.url,
  };
}

function passagesOf({note, line, second, video, text}) {
  const rows = [...note.keys()].filter((place) => video[place] >= 0 && second[place] >= 0).sort((a, b) => video[a] - video[b] || second[a] - second[b] || a - b);
  const column = (from) => rows.map((place) => from[place]);
  return {video: column(video), second: column(second), note: column(note), line: column(line), text: column(text)};
}
