// Builds the pages' scripts and sheets into hashed, precompressed files and the manifest that names them.
// usage: node build.mjs OUT_FOLDER CATALOGUES_FOLDER
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompress, constants, gzip } from "node:zlib";
import { promisify } from "node:util";
import { build } from "esbuild";

const top = path.dirname(fileURLToPath(import.meta.url));
const [out, catalogues] = process.argv.slice(2).map((folder) => path.resolve(folder));
const compressible = /\.(js|css|json|svg|mjs|webmanifest)$/;
const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);

// Each folder of src lists in entries.json what its pages load: "pages" share chunks with each other,
// "standalone" files (service workers) carry everything they need.
async function entries() {
  const found = { pages: [], standalone: [] };
  for (const app of (await readdir(path.join(top, "src"))).sort()) {
    const list = path.join(top, "src", app, "entries.json");
    if (!existsSync(list)) continue;
    const named = JSON.parse(await readFile(list, "utf8"));
    for (const kind of Object.keys(found))
      for (const file of named[kind] ?? []) found[kind].push(`src/${app}/${file}`);
  }
  return found;
}

const common = {
  absWorkingDir: top,
  bundle: true,
  minify: true,
  metafile: true,
  write: false,
  outdir: out,
  outbase: "src",
  entryNames: "[dir]/[name]-[hash]",
  chunkNames: "chunks/[name]-[hash]",
  assetNames: "assets/[name]-[hash]",
  target: ["es2022", "chrome108", "safari16", "firefox115"],
  loader: { ".svg": "text", ".woff2": "file" },
  logLevel: "warning",
  legalComments: "none",
  charset: "utf8",
};

const written = new Set();
const assets = {};

async function keep(relative, contents) {
  const target = path.join(out, relative);
  written.add(relative);
  if (existsSync(target)) return;
  await mkdir(path.dirname(target), { recursive: true });
  const twins = compressible.test(relative) && contents.length > 256
    ? [[".gz", await gzipped(contents, { level: 9 })],
       [".br", await brotli(contents, { params: { [constants.BROTLI_PARAM_QUALITY]: contents.length > 2e5 ? 9 : 11 } })]]
    : [];
  for (const [suffix, bytes] of [...twins, ["", contents]]) {
    await writeFile(`${target}${suffix}.new`, bytes);
    await rename(`${target}${suffix}.new`, target + suffix);
  }
}

async function bundle(files, options) {
  if (!files.length) return;
  const result = await build({ ...common, ...options, entryPoints: files, plugins: [iconModule] });
  for (const file of result.outputFiles) await keep(path.relative(out, file.path), file.contents);
  const imports = (output) =>
    result.metafile.outputs[output].imports.filter((i) => i.kind === "import-statement").map((i) => i.path);
  for (const [output, about] of Object.entries(result.metafile.outputs)) {
    if (!about.entryPoint) continue;
    const all = new Set();
    const visit = (name) => imports(name).forEach((next) => all.has(next) || (all.add(next), visit(next)));
    visit(output);
    const name = path.relative("src", about.entryPoint);
    const short = (file) => path.relative(out, path.resolve(top, file));
    assets[name] = { file: short(output), imports: [...all].map(short) };
  }
}

async function hashed(name, contents) {
  const { dir, name: stem, ext } = path.parse(name);
  const hash = createHash("sha256").update(contents).digest("hex").slice(0, 10);
  const relative = path.join(dir, `${stem}-${hash}${ext}`);
  await keep(relative, contents);
  assets[name] = { file: relative, imports: [] };
}

// Tabler's outline icons as inner markup, under their names, and the few of our own (src/web/icons.json).
async function drawIcons() {
  const nodes = JSON.parse(await readFile(path.join(top, "node_modules/@tabler/icons/tabler-nodes-outline.json"), "utf8"));
  const element = ([tag, attributes]) =>
    `<${tag}${Object.entries(attributes).map(([name, value]) => ` ${name}="${value}"`).join("")}/>`;
  const drawn = Object.fromEntries(Object.entries(nodes).map(([name, parts]) => [name, parts.map(element).join("")]));
  return { ...drawn, ...JSON.parse(await readFile(path.join(top, "src/web/icons.json"), "utf8")) };
}

// Scripts get only the icons that they name: icon("bell"), or the list "icons" of an entries.json.
async function iconsOfScripts(drawn) {
  const names = new Set();
  for (const file of await readdir(path.join(top, "src"), { recursive: true })) {
    const text = /\.js$|entries\.json$/.test(file) ? await readFile(path.join(top, "src", file), "utf8") : "";
    if (file.endsWith(".js")) for (const [, name] of text.matchAll(/\bicon\(\s*"([a-z0-9-]+)"/g)) names.add(name);
    else if (text) for (const name of JSON.parse(text).icons ?? []) names.add(name);
  }
  for (const name of names) if (!drawn[name]) throw new Error(`No icon is called "${name}": see tabler.io/icons.`);
  return Object.fromEntries([...names].sort().map((name) => [name, drawn[name]]));
}

const drawn = await drawIcons();
const ofScripts = JSON.stringify(await iconsOfScripts(drawn));
const iconModule = {
  name: "icons",
  setup(builder) {
    builder.onResolve({ filter: /^banyan:icons$/ }, (asked) => ({ path: asked.path, namespace: "icons" }));
    builder.onLoad({ filter: /.*/, namespace: "icons" }, () => ({ contents: `export default ${ofScripts}`, loader: "js" }));
  },
};

async function sweep(folder) {
  for (const entry of await readdir(path.join(out, folder), { withFileTypes: true })) {
    const relative = path.join(folder, entry.name);
    if (entry.isDirectory()) await sweep(relative);
    else if (!written.has(relative.replace(/\.(gz|br)$/, ""))) await rm(path.join(out, relative), { force: true });
  }
}

await mkdir(out, { recursive: true });
const named = await entries();
await hashed("web/maplibre-worker.mjs", await readFile(path.join(top, "node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs")));
common.define = { MAPLIBRE_WORKER: JSON.stringify(`/static/built/${assets["web/maplibre-worker.mjs"].file}`) };
await bundle(named.pages, { format: "esm", splitting: true });
await bundle(named.standalone, { format: "iife" });
for (const file of await readdir(catalogues)) await hashed(`locale/${file}`, await readFile(path.join(catalogues, file)));
await writeFile(path.join(out, "icons.json"), JSON.stringify(drawn));
await writeFile(path.join(out, "manifest.json.new"), JSON.stringify({ assets }, null, 1));
for (const name of [".inputs", "icons.json", "manifest.json"]) written.add(name);
await rename(path.join(out, "manifest.json.new"), path.join(out, "manifest.json"));
await sweep(".");
