// Time spans as .NET writes them. host.json is full of them, and a bare number means DAYS: "31536000" is no year, it overflows.

/** The forms that TimeSpan.Parse takes under the invariant culture, in the order in which it tries them. */
const FORMS = [
  /^(?<d>\d+)$/,
  /^(?<h>\d+):(?<m>\d+)$/,
  /^(?<h>\d+):(?<m>\d+):(?<s>\d+)$/,
  /^(?<d>\d+)\.(?<h>\d+):(?<m>\d+)$/,
  /^(?<h>\d+):(?<m>\d+):\.(?<f>\d+)$/,
  /^(?<h>\d+):(?<m>\d+):(?<s>\d+)\.(?<f>\d+)$/,
  /^(?<d>\d+)\.(?<h>\d+):(?<m>\d+):(?<s>\d+)$/,
  /^(?<d>\d+)\.(?<h>\d+):(?<m>\d+):\.(?<f>\d+)$/,
  /^(?<d>\d+)\.(?<h>\d+):(?<m>\d+):(?<s>\d+)\.(?<f>\d+)$/,
  // With a colon after the days: "24:00:00" is no hour of a day, and so becomes 24 days.
  /^(?<d>\d+):(?<h>\d+):(?<m>\d+)$/,
  /^(?<d>\d+):(?<h>\d+):(?<m>\d+):(?<s>\d+)$/,
  /^(?<d>\d+):(?<h>\d+):(?<m>\d+):\.(?<f>\d+)$/,
  /^(?<d>\d+):(?<h>\d+):(?<m>\d+):(?<s>\d+)\.(?<f>\d+)$/,
] as const;

const MAX_DAYS = 10_675_199;
/** .NET counts in 100 nanoseconds, in 64 bits. */
const MAX_MILLISECONDS = 922_337_203_685_477;

/** Milliseconds of the digits behind the point, null if .NET has no room for them: more than seven without a zero in front. */
function readFraction(digits: string): number | null {
  const zeroes = digits.length - digits.replace(/^0+/, '').length;
  if (zeroes === 0 && Number(digits) > 9_999_999) return null;
  return Math.round(Number(`0.${digits}`) * 1e7) / 1e4;
}

function add(parts: Record<string, string | undefined>): number | null {
  const [days, hours, minutes, seconds] = ['d', 'h', 'm', 's'].map((key) => Number(parts[key] ?? 0));
  const fraction = readFraction(parts['f'] ?? '0');
  if (days === undefined || hours === undefined || minutes === undefined || seconds === undefined)
    return null;
  if (fraction === null || days > MAX_DAYS || hours > 23 || minutes > 59 || seconds > 59) return null;
  const milliseconds = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
  return milliseconds > MAX_MILLISECONDS ? null : milliseconds + fraction;
}

/**
 * Reads a time span as .NET's `TimeSpan.Parse` does under the invariant culture: `[-][d.]hh:mm[:ss[.fffffff]]`, or whole days.
 * White space around it is allowed.
 * @returns milliseconds
 * @throws SyntaxError if .NET throws a FormatException, RangeError if it throws an OverflowException.
 * @see https://learn.microsoft.com/dotnet/api/system.timespan.parse
 */
export function parseTimeSpan(text: string): number {
  const [, sign = '', digits = ''] = /^(-?)(.*)$/s.exec(text.trim()) ?? [];
  const readings = FORMS.flatMap((form) => {
    const parts = form.exec(digits)?.groups;
    return parts === undefined ? [] : [add(parts)];
  });
  if (readings.length === 0)
    throw new SyntaxError(`"${text}" is no time span. Write [days.]hh:mm:ss, such as 365.00:00:00`);
  const milliseconds = readings.find((reading) => reading !== null);
  if (milliseconds === undefined)
    throw new RangeError(
      `"${text}" is too large for a time span: days up to ${MAX_DAYS} (a bare number means days), hours up to 23, minutes and seconds up to 59`,
    );
  return sign === '' ? milliseconds : 0 - milliseconds;
}
