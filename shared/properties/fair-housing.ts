// Words that a listing must not say, or that this app will not say aloud, about a home.
//
// The rules: 42 U.S.C. 3604(c) and 24 CFR 100.75 forbid a preference or limitation because of race, color, religion, sex,
// disability, familial status or national origin, also in words that only convey it. The word lists follow what was
// 24 CFR 109.20 and HUD's memorandum on advertisements of January 9, 1995; many states add the source of income.
// That memorandum allows some descriptions of a place ("quiet streets", "walking distance"). A listing may say them. A
// voice that answers for a landlord must not describe a neighbourhood or its people, so they are not spoken either.
// Too much caution costs one feature that is not read aloud; too little costs a complaint.

/** What a text may touch on that a landlord's voice must not speak of. */
export type FairHousingTopic =
  | 'familial status'
  | 'religion'
  | 'race, color or national origin'
  | 'sex'
  | 'disability'
  | 'source of income'
  | 'neighborhood';

const WORDS: Readonly<Record<FairHousingTopic, readonly RegExp[]>> = {
  'familial status': [
    /\badults?[\s-]+(only|building|community|living|complex|preferred)\b/,
    /\b(no|not for|without) (small |young )?(children|child|kids|teenagers|teens|babies|infants)\b/,
    /\b(children|kids|families) (not|un)\s?(allowed|welcome|permitted|accepted)\b/,
    /\b(mature|older|senior) (adults?|persons?|people|individuals?|couples?|tenants?|residents?)\b/,
    /\b(singles?|couples?|seniors?|students?|bachelors?|retirees?) (only|preferred|wanted|welcome)\b/,
    /\b(perfect|ideal|great|good|best|suited|suitable|excellent|wonderful) for (a |an |young |small |large |growing )*(famil(y|ies)|couples?|singles?|students?|seniors?|professionals?|kids|children|newlyweds|retirees?|roommates)\b/,
    /(?<!\b(?:single|multi|two)[\s-])\bfamily[\s-]+(friendly|oriented|neighborhood|community|area|home)\b/,
    /\bempty[\s-]?nesters?\b/,
    /\b(bachelor|bachelorette) pad\b/,
    /\bsolo adultos\b/,
    /\bsin ni(ñ|n)os\b/,
    /\b(ideal|perfecto|perfecta) para (familias?|parejas?|solteros?|estudiantes?)\b/,
  ],
  religion: [
    /\b(christian|catholic|jewish|muslim|mormon|protestant|hindu|buddhist|religious|kosher|islamic)\b/,
    /\b(near|close to|by|next to|steps from|walk to) (a |an |the )?(church|synagogue|mosque|temple|parish|congregation)/,
  ],
  'race, color or national origin': [
    /\b(white|black|colored|caucasian|hispanic|latino|latina|asian|african|mexican|chinese|indian|arab|american indian) (private )?(home|area|neighborhood|community|family|families|tenants?|residents?|people|only|preferred)\b/,
    /\b(caucasian|negro|oriental|ethnic|integrated|segregated)\b/,
    /\b(no|non)[\s-](immigrants?|foreigners?)\b/,
    /\b(citizens?|english[\s-]speak(ing|ers?)|americans?) (only|preferred)\b/,
    /\bmust speak english\b/,
  ],
  sex: [
    /\b(males?|females?|men|women|ladies|gentlemen|girls?|guys?) (only|preferred|wanted)\b/,
    /\b(perfect|ideal|great) for (a )?(man|woman|men|women|ladies|gentlemen|guys|girls)\b/,
    /\bsolo (mujeres|hombres|damas|caballeros)\b/,
  ],
  disability: [
    /\b(no|not suitable for|not for) (the )?(wheelchairs?|handicapped|disabled|crippled|blind|deaf|mentally ill|mental illness)\b/,
    /\b(able[\s-]bodied|physically fit|healthy (only|tenants?|individuals?|persons?))\b/,
    /\bmust be able to (walk|climb|live independently)\b/,
    /\bindependent living only\b/,
    /\bno (service|assistance|support|emotional support) (animals?|dogs?)\b/,
  ],
  'source of income': [
    /\b(no|not accept(ing|ed)?|do(es)? not accept|don'?t accept|without) (section (8|eight)|vouchers?|housing (assistance|vouchers?|choice)|hud|welfare|government assistance|public assistance)\b/,
    /\b(section (8|eight)|vouchers?) (is |are )?not (accepted|welcome|allowed)\b/,
    /\b(working|employed|young|business) (professionals?|people|persons?|tenants?)\b/,
    /\b(professionals?|employed) (only|preferred|welcome)\b/,
    /\bno (acepta(mos)? )?secci(ó|o)n (8|ocho)\b/,
  ],
  neighborhood: [
    /\bsafe(r|st|ty)?\b(?! deposit)/,
    /\b(low|no|little)[\s-]crime\b|\bcrime[\s-]free\b/,
    /\b(exclusive|restricted|prestigious|traditional|private community|desirable|sought[\s-]after|upscale|good|nice|great|best|quiet|friendly|respectable|established|up and coming|diverse) (neighborhood|area|community|location|part of town|street|block|neighbors?)\b/,
    /\b(exclusive|restricted)\b/,
    /\b(membership|board) approval\b/,
    /\b(good|great|excellent|top|best|award[\s-]winning|top[\s-]rated|a[\s-]rated) schools?\b|\bschools? district\b/,
    /\bwalking distance\b|\bwalkable\b/,
    /\b(barrio|vecindario|zona) (segur[oa]|tranquil[oa]|exclusiv[oa])\b/,
  ],
};

/** The texts and what they concern, for a warning. At most one for each topic. */
export function findFairHousingWords(
  text: string,
): { readonly topic: FairHousingTopic; readonly words: string }[] {
  const plain = text
    .toLowerCase()
    .replace(/[’‘]/g, "'")
    .replace(/\s+/g, ' ')
    .replaceAll('neighbourhood', 'neighborhood');
  return Object.entries(WORDS).flatMap(([topic, patterns]) => {
    const found = patterns.map((pattern) => pattern.exec(plain)?.[0]).find((words) => words !== undefined);
    return found === undefined ? [] : [{ topic: topic as FairHousingTopic, words: found }];
  });
}

/** Whether a text must not be read aloud. A flagged feature is never spoken and never given to a model. */
export function isFairHousingFlagged(text: string): boolean {
  return findFairHousingWords(text).length > 0;
}
