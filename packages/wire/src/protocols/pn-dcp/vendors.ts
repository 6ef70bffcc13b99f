// Makers by the vendor ID that PROFIBUS & PROFINET International gives out: one number per maker for PROFINET, PROFIBUS and
// the identification records (I&M) of both. The common ones, each confirmed by that maker's own documents or devices.

export const PI_VENDORS: Readonly<Record<number, string>> = {
  26: 'ABB',
  42: 'Siemens',
  93: 'Pepperl+Fuchs',
  176: 'Phoenix Contact',
  257: 'SICK',
  266: 'SEW-EURODRIVE',
  268: 'HMS Industrial Networks',
  285: 'WAGO',
  286: 'Hilscher',
  288: 'Beckhoff',
  303: 'Murrelektronik',
  310: 'ifm electronic',
  317: 'Turck',
  333: 'Festo',
  339: 'TR-Electronic',
  346: 'GE Intelligent Platforms',
  362: 'Belden',
  555: 'VIPA',
  888: 'Balluff',
  1171: 'RT-Labs',
};
