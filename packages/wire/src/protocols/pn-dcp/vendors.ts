// Makers by the vendor ID that PROFIBUS & PROFINET International gives out: one number per maker for PROFINET, PROFIBUS, IO-Link
// and the identification records (I&M). Only those that a maker's own manual states or a device of its is known to carry.

export const PI_VENDORS: Readonly<Record<number, string>> = {
  26: 'ABB',
  42: 'Siemens',
  93: 'Pepperl+Fuchs',
  176: 'Phoenix Contact',
  257: 'SICK',
  266: 'SEW-EURODRIVE',
  268: 'HMS Industrial Networks',
  285: 'WAGO',
  310: 'ifm electronic',
  339: 'TR-Electronic',
  346: 'GE Intelligent Platforms',
  888: 'Balluff',
  1062: 'Micro-Epsilon',
};
