// Property tests try the same values in every run, so that a failure is the change's own. `FC_SEED=7 npm test` tries others.
const fastCheck = require('../../node_modules/fast-check/lib/cjs/fast-check.js');

fastCheck.configureGlobal({ seed: Number(process.env.FC_SEED ?? 2026) });
module.exports = fastCheck;
