// One rendering for each line on stdin: node carbone.js TEMPLATE.docx DATA.json OUT.docx
// Answers with the milliseconds it took; carbone keeps the template it has read.
const fs = require('fs');
const path = require('path');
const carbone = require('carbone');

const [template, data, output] = process.argv.slice(2);
const context = JSON.parse(fs.readFileSync(data, 'utf8'));

require('readline').createInterface({ input: process.stdin }).on('line', () => {
  const start = process.hrtime.bigint();
  carbone.render(path.resolve(template), context, (error, made) => {
    if (error) { console.error(error); process.exit(1); }
    fs.writeFileSync(output, made);
    console.log(Number(process.hrtime.bigint() - start) / 1e6);
  });
});
