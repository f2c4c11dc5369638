import { record, refused, stringOf, type Problem, type Validator } from './problem';

/** `JVMChaosSpec.Validate`. It names the whole spec; the key is the field that is meant. */
export const jvmProblems: Validator = (visited) => {
  const spec = record(visited.value);
  const action = stringOf(spec['action']);
  const has = (key: string): boolean => {
    const value = spec[key];
    return typeof value === 'number' ? value !== 0 : stringOf(value) !== '';
  };
  const no = (why: string, key: string): Problem => ({
    ...refused(visited, 'jvm', why),
    path: [...visited.path, key],
  });
  const missing = (why: string, ...keys: string[]): Problem[] => (keys.some(has) ? [] : [no(why, keys[0] as string)]);
  switch (action) {
    case 'stress': {
      const { cpuCount, memType } = spec;
      return [
        ...missing("must set one of cpu-count and mem-type when action is 'stress'", 'cpuCount', 'memType'),
        ...(Number(cpuCount) > 0 && has('memType')
          ? [no('inject stress on both CPU and memory is not support now', 'memType')]
          : []),
        ...(has('memType') && memType !== 'stack' && memType !== 'heap'
          ? [no("value should be 'stack' or 'heap'", 'memType')]
          : []),
      ];
    }
    case 'gc':
      return [];
    case 'exception':
    case 'return':
    case 'latency':
      return [
        ...missing('class not provided', 'class'),
        ...missing('method not provided', 'method'),
        ...(action === 'exception' ? missing('exception not provided', 'exception') : []),
        ...(action === 'return' ? missing('value not provided', 'returnValue') : []),
        ...(action === 'latency' ? missing('latency not provided', 'latency') : []),
      ];
    case 'ruleData':
      return missing('rule data not provide', 'ruleData');
    case 'mysql': {
      const version = stringOf(spec['mysqlConnectorVersion']);
      return [
        ...missing('MySQL connector version not provided', 'mysqlConnectorVersion'),
        ...(version === '' || version === '5' || version === '8'
          ? []
          : [no('MySQL connector version only support 5.X.X(set to 5) and 8.X.X(set to 8)', 'mysqlConnectorVersion')]),
        ...missing('must set one of exception or latency', 'exception', 'latency'),
      ];
    }
    case '':
      return [no('action not provided', 'action')];
    default:
      return [
        no(
          `action ${action} not supported, action can be 'latency', 'exception', 'return', 'stress', 'gc' or 'ruleData'`,
          'action',
        ),
      ];
  }
};
