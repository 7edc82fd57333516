// One rendering for each line on stdin: node docxtemplater.js TEMPLATE.docx DATA.json OUT.docx
// Answers with the milliseconds it took, template and data being in memory as they were read.
const fs = require('fs');
const PizZip = require('pizzip');
const Docxtemplater = require('docxtemplater');

const [template, data, output] = process.argv.slice(2);
const content = fs.readFileSync(template);
const context = JSON.parse(fs.readFileSync(data, 'utf8'));

require('readline').createInterface({ input: process.stdin }).on('line', () => {
  const start = process.hrtime.bigint();
  const document = new Docxtemplater(new PizZip(content), { paragraphLoop: true, linebreaks: true });
  document.render(context);
  fs.writeFileSync(output, document.getZip().generate({ type: 'nodebuffer', compression: 'DEFLATE' }));
  console.log(Number(process.hrtime.bigint() - start) / 1e6);
});
