// What people already have: exports of other tools, asset lists, and what makers publish, read into observations.
export {};
