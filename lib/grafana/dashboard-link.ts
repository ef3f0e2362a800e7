import { dashboardUid } from './dashboard';

/** URL of a dashboard of this product, with values for its variables. It keeps the current time range. */
export function dashboardUrl(
  name: string,
  variables: Readonly<Record<string, string | readonly string[]>>,
): string {
  const values = Object.entries(variables).flatMap(([variable, chosen]) =>
    [chosen].flat().map((value) => `var-${variable}=${value}`),
  );
  return `/d/${dashboardUid(name)}?${[...values, '${__url_time_range}'].join('&')}`;
}

/** The value of a column in the clicked row. */
export const ofRow = (label: string) => `\${__data.fields.${label}:percentencode}`;
