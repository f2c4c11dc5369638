import {
  Chart,
  Decimation,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  TimeScale,
} from 'chart.js';
import 'chartjs-adapter-date-fns';
import annotation from 'chartjs-plugin-annotation';

/** The parts of the library that the charts are made of; all that can be drawn without a page. */
Chart.register(
  LineController,
  LineElement,
  PointElement,
  LinearScale,
  LogarithmicScale,
  TimeScale,
  Filler,
  Decimation,
  annotation,
);

export { Chart };
