// Checks packages as generate.go writes them: that Apex parsers take every class and trigger, and that Salesforce's own
// library finds in the source form what the manifest lists, and makes of it what we send to the Metadata API:
//
//	node check.mjs FOLDER
import { readFile, readdir } from 'node:fs/promises';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApexErrorListener, ApexParserFactory } from '@apexdevtools/apex-parser';
import { ComponentSet, MetadataConverter } from '@salesforce/source-deploy-retrieve';
import * as prettier from 'prettier';
import * as salesforces from 'prettier-plugin-apex';

class Mistakes extends ApexErrorListener {
	found = [];

	apexSyntaxError(line, column, message) {
		this.found.push(`${line}:${column}: ${message}`);
	}
}

// The two parsers: what each has to say against the text of a class or trigger.
const parsers = {
	'apex-parser': async (name, text) => {
		const mistakes = new Mistakes();
		const parser = ApexParserFactory.createParser(text);
		parser.removeErrorListeners();
		parser.addErrorListener(mistakes);
		name.endsWith('.trigger') ? parser.triggerUnit() : parser.compilationUnit();
		return mistakes.found;
	},
	"Salesforce's parser": async (_, text) => {
		try {
			await prettier.format(text, { parser: 'apex', plugins: [salesforces] });
			return [];
		} catch (error) {
			return [error.message];
		}
	},
};

const files = async (folder) =>
	(await readdir(folder, { recursive: true, withFileTypes: true }))
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath ?? entry.path, entry.name))
		.sort();

// Where the two folders differ.
async function differences(made, ours) {
	const names = async (folder) => (await files(folder)).map((file) => file.slice(folder.length + 1));
	const all = new Set([...(await names(made)), ...(await names(ours))]);
	const text = async (folder, name) => {
		const content = await readFile(join(folder, name), 'utf8').catch(() => 'missing');
		return content.replace(/\s*<fullName>made<\/fullName>/, '').trim(); // the name that the conversion gives the package
	};
	const found = [];
	for (const name of all) {
		if ((await text(made, name)) !== (await text(ours, name))) found.push(`${name} is not what a conversion makes`);
	}
	return found;
}

// What is wrong with the package.
async function judge(folder) {
	const wrong = [];
	const apex = (await files(join(folder, 'source'))).filter((file) => /\.(cls|trigger)$/.test(file));
	for (const file of apex) {
		const text = await readFile(file, 'utf8');
		for (const [name, parse] of Object.entries(parsers)) {
			for (const mistake of await parse(file, text)) wrong.push(`${name}: ${file}: ${mistake}`);
		}
	}
	const components = ComponentSet.fromSource(join(folder, 'source', 'force-app'));
	const { sourceApiVersion } = JSON.parse(await readFile(join(folder, 'source', 'sfdx-project.json'), 'utf8'));
	components.sourceApiVersion = sourceApiVersion;
	const manifest = await readFile(join(folder, 'source', 'manifest', 'package.xml'), 'utf8');
	if ((await components.getPackageXml()).trim() !== manifest.trim()) wrong.push(`${folder}: the manifest does not list what is there`);
	const made = mkdtempSync(join(tmpdir(), 'apex-'));
	try {
		const { packagePath } = await new MetadataConverter().convert(components, 'metadata', {
			type: 'directory', outputDirectory: made, genUniqueDir: false, packageName: 'made',
		});
		wrong.push(...(await differences(packagePath, join(folder, 'metadata'))));
	} finally {
		rmSync(made, { recursive: true });
	}
	return { wrong, checked: apex.length };
}

// A check that finds nothing wrong with broken Apex would find nothing at all, and one that finds everything wrong, too.
async function trySelf() {
	const broken = { 'Broken.cls': 'public class Broken { void go() { Integer i = 1 } }', 'Broken.trigger': 'trigger Broken on (after insert) {}' };
	const whole = { 'Whole.cls': 'public class Whole { void go() { Integer i = 1; } }', 'Whole.trigger': 'trigger Whole on Case (after insert) {}' };
	for (const [name, parse] of Object.entries(parsers)) {
		for (const [file, text] of Object.entries(broken)) {
			if ((await parse(file, text)).length === 0) throw new Error(`${name} takes ${file}`);
		}
		for (const [file, text] of Object.entries(whole)) {
			if ((await parse(file, text)).length > 0) throw new Error(`${name} does not take ${file}`);
		}
	}
}

await trySelf();
let failed = false;
for (const choice of (await readdir(process.argv[2])).sort()) {
	const { wrong, checked } = await judge(join(process.argv[2], choice));
	console.log(`${choice}: ${checked} classes and triggers, ${wrong.length} mistakes`);
	for (const mistake of wrong) console.log(`  ${mistake}`);
	failed ||= wrong.length > 0 || checked === 0;
}
process.exit(failed ? 1 : 0);
