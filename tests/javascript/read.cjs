// Reads a file of RDF by its ending and prints it as N-Quads: JSON-LD by jsonld, all else by N3.js.
const fs = require("fs");

const path = process.argv[2];
const text = fs.readFileSync(path, "utf8");

if (path.endsWith(".jsonld")) {
  const jsonld = require("jsonld");
  const documentLoader = (url) => Promise.reject(new Error(`the file asks for ${url}`));
  jsonld.toRDF(JSON.parse(text), { format: "application/n-quads", documentLoader, safe: true }).then(
    (quads) => process.stdout.write(quads),
    (error) => { console.error(error.message, JSON.stringify(error.details)); process.exitCode = 1; },
  );
} else {
  const { Parser, Writer } = require("n3");
  const formats = { ttl: "Turtle", trig: "TriG", nt: "N-Triples", nq: "N-Quads" };
  const quads = new Parser({ format: formats[path.split(".").pop()] }).parse(text);
  const writer = new Writer({ format: "N-Quads" });
  writer.addQuads(quads);
  writer.end((error, result) => process.stdout.write(result));
}
