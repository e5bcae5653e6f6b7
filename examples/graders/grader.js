// A grader of ASTCT 2019 CRS and ICANS on the wire of cartox. For testing and teaching, never for treating patients.
// cartox verify cmd:'node examples/graders/grader.js'
const within = (low, high, whole) => (v) => typeof v === 'number' && v >= low && v <= high && !(whole && v % 1);
const oneOf = (words) => (v) => words.split(' ').includes(v);
const [sign, text] = [[(v) => typeof v === 'boolean', false, true], [(v) => typeof v === 'string']]; // what may be charted; the mildest, the worst it could be
const cause = [sign[0], false, false]; // unknown causes are none
const [time, arousal, seizure] = [[within(-720, 43800)], 'spontaneous voice tactile unarousable', 'none brief prolonged_or_repetitive'];
const FIELDS = {
  time_h: time, temp_c: [within(25, 45), 36.8, 39], fever_other_cause: cause, crs_onset_fever: sign, hypotension: sign,
  vasopressors: [within(0, 6, true), 0, 6], vasopressin: sign, vasopressor_other_cause: cause, death_from_crs: cause,
  o2_device: [oneOf('none nasal_cannula blow_by high_flow_nasal_cannula face_mask non_rebreather venturi_mask cpap ' +
    'bipap mechanical_ventilation'), 'none', 'cpap'], o2_flow_l_min: [within(0, 100), 0, 100], oxygen_other_cause: cause,
  positive_pressure_reason: [oneOf('hypoxia airway_protection chronic'), 'hypoxia', 'hypoxia'],
  ice: [within(0, 10, true), 10, 0], capd: [within(0, 32, true), 0, 32], consciousness_other_cause: cause,
  consciousness: [oneOf(arousal), 'spontaneous', 'unarousable'], seizure: [oneOf(seizure), 'none', 'prolonged_or_repetitive'],
  seizure_other_cause: cause, motor_weakness: [oneOf('none mild deep_focal'), 'none', 'deep_focal'], motor_other_cause: cause,
  cerebral_edema: [oneOf('none focal diffuse'), 'none', 'diffuse'], posturing: sign, cn6_palsy: sign, papilledema: sign,
  cushing_triad: sign, death_from_icans: cause };
const PATIENT = { age_years: [within(0, 120)], weight_kg: [within(0.5, 400)] };
const DRUGS = 'acetaminophen ibuprofen tocilizumab siltuximab anakinra emapalumab ruxolitinib itacitinib etanercept dasatinib ' +
  'dexamethasone methylprednisolone hydrocortisone norepinephrine epinephrine phenylephrine dopamine angiotensin_ii vasopressin gcsf';
const DOSE = { time_h: time, drug: [oneOf(DRUGS)], dose: [within(0, Infinity)], unit: text, route: text };
const fault = (record, fields, needed = []) => // the first field that is wrong; null is unknown
  record?.constructor !== Object ? 'case' : needed.find((k) => record[k] == null) ?? Object.keys(record).find(
    (k) => !Object.hasOwn(fields, k) || (record[k] !== null && !fields[k][0](record[k])));
function crs(o) {
  const pressors = o.vasopressor_other_cause ? 0 : o.vasopressors >= 2 ? 4 : o.vasopressors || o.vasopressin ? 3 : 0;
  const oxygen = { none: 0, blow_by: 2, face_mask: 3, non_rebreather: 3, venturi_mask: 3 }[o.o2_device] ??
    (o.o2_device.endsWith('cannula') ? (o.o2_flow_l_min <= 6 ? 2 : 3) : o.positive_pressure_reason === 'hypoxia' ? 4 : 0);
  const worst = Math.max(pressors, o.hypotension ? 2 : 0, o.oxygen_other_cause ? 0 : oxygen);
  return o.death_from_crs ? 5 : o.temp_c >= 38 && !o.fever_other_cause ? Math.max(1, worst) : o.crs_onset_fever ? worst : 0;
}
function icans(o, age) {
  const depressed = o.consciousness_other_cause ? 0 : [0, 2, 3, 4][arousal.split(' ').indexOf(o.consciousness)];
  const ice = o.ice === 0 && depressed === 4 ? 4 : o.ice >= 10 ? 0 : o.ice >= 7 ? 1 : o.ice >= 3 ? 2 : 3;
  const score = age != null && age < 12 ? (o.capd >= 9 ? 3 : o.capd >= 1 ? 1 : 0) : ice;
  const fits = o.seizure_other_cause ? 0 : [0, 3, 4][seizure.split(' ').indexOf(o.seizure)];
  const grave = o.posturing || o.cn6_palsy || o.papilledema || o.cushing_triad || o.cerebral_edema === 'diffuse';
  const weak = o.motor_weakness === 'deep_focal' && !o.motor_other_cause;
  return o.death_from_icans ? 5 : Math.max(depressed, score, fits, grave || weak ? 4 : o.cerebral_edema === 'focal' ? 3 : 0);
}
function graded(m, [row], end) { // every unknown sign at its mildest (end 1) or at its worst (end 2)
  const full = Object.fromEntries(Object.entries(FIELDS).map(([k, spec]) => [k, row[k] ?? spec[end]]));
  if (end === 2 && row.o2_device == null && full.positive_pressure_reason !== 'hypoxia') full.o2_device = 'face_mask';
  return Math.round(60 * full.time_h) < 0 ? 0 : m.scale === 'crs' ? crs(full) : icans(full, m.patient?.age_years);
}
function answer(m) {
  const [rows, doses] = [m.observations, m.treatments ?? []];
  const wrong = !Array.isArray(rows) || rows.length !== 1 || !Array.isArray(doses) ? 'case' : fault(rows[0], FIELDS, ['time_h'])
    ?? fault(m.patient ?? {}, PATIENT) ?? doses.map((d) => fault(d, DOSE, ['time_h', 'drug'])).find((f) => f);
  return wrong ? { id: m.id, status: 'refused', field: wrong, reason: `${wrong} is not as the protocol says` }
    : { id: m.id, status: 'graded', grades: [{ floor: graded(m, rows, 1), ceiling: graded(m, rows, 2) }] };
}
const hello = { op: 'hello', protocol: 1, grader: { name: 'example in JavaScript', version: '1' }, can: {
  guidelines: { 'astct-2019': ['crs', 'icans'] }, form: ['snapshot'], missing: 'range', fields: Object.keys(FIELDS) } };
require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const m = JSON.parse(line);
  if (m.op === 'bye') process.exit(0); else console.log(JSON.stringify(m.op === 'hello' ? hello : answer(m)));
});
