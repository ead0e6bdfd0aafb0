/** What a chart shows, as plain data: `renderChart()` draws it, a figure's layout makes it. */
export interface Chart {
  readonly title: string;
  /** A line below the title. */
  readonly subtitle?: string;
  readonly widthPx: number;
  readonly heightPx: number;
  /** What the legend lists, in order; layers refer to it by index. */
  readonly series: readonly Series[];
  readonly panels: readonly Panel[];
  /** The panels name their series where they end, so that no legend is needed. */
  readonly isLabelled?: boolean;
}

/** What a colour means, if it is not one of a palette of equals. */
export type ColorRole = "accent" | "pass" | "fail" | "undecided" | "muted";

/** One thing that a legend lists and that a reader can hide. */
export interface Series {
  readonly name: string;
  /** Index into the palette (larger numbers start again from its beginning), or a colour with a meaning. */
  readonly color: number | ColorRole;
  readonly dash?: Dash;
  /** Left out of the legend: its panels name it. */
  readonly isUnlisted?: boolean;
  /** How the legend shows it; several are drawn over each other. */
  readonly swatch: readonly ("line" | "area" | SymbolName)[];
}

/** One pair of axes with its marks; edges in pixels of the chart. */
export interface Panel {
  readonly leftPx: number;
  readonly topPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly title?: string;
  /** From its upper edge up to its title's baseline; default 12. */
  readonly titleTopPx?: number;
  readonly x: Axis;
  readonly y: Axis;
  /** Drawn in order: the last lies on top. */
  readonly layers: readonly Layer[];
  /** Lines across the panel, such as a limit; below the layers. */
  readonly rules?: readonly Rule[];
  /** Words within the panel; above the layers. */
  readonly labels?: readonly Label[];
  /** Writes each line's series beside its last point. */
  readonly hasEndLabels?: boolean;
}

/** A straight line across a panel at one value of an axis. */
export interface Rule {
  readonly axis: "x" | "y";
  readonly at: number;
  readonly color: ColorRole;
  readonly dash?: Dash;
  /** Written beside its upper end, or at the left end above the line. */
  readonly label?: string;
  /** Its label stands below a line across the panel. */
  readonly isLabelBelow?: boolean;
}

/** Words at a point of a panel; infinity is the axis' end. */
export interface Label {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly color: number | ColorRole;
  readonly anchor?: "start" | "middle" | "end";
  /** From the point, pixels; negative is to the left and up. */
  readonly shiftPx?: readonly [x: number, y: number];
  readonly isBold?: boolean;
}

export type Axis = NumberAxis | NameAxis;

export interface NumberAxis {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  /** Ends at a round number beyond `max`; default true. */
  readonly isNice?: boolean;
  /** Has whole numbers only. */
  readonly isWhole?: boolean;
  /** Equal ratios are equally far apart; `min` and `max` are above 0. */
  readonly isLog?: boolean;
  /** Default true; a panel beside another one shares its neighbour's. */
  readonly hasTickLabels?: boolean;
  /** Its name in a readout if the label is left out. */
  readonly readoutLabel?: string;
  /** About how many ticks; absent: as many as there is room for. */
  readonly tickCount?: number;
}

/** An axis with a place for each name: from left to right, or from bottom to top. */
export interface NameAxis {
  readonly label: string;
  readonly names: readonly string[];
}

export interface Layer {
  /** Index into the chart's series. */
  readonly series: number;
  readonly mark: Mark;
}

export type Point = readonly [x: number, y: number];
export type Dash = "dashed" | "dotted" | "long dashes" | "wide dots";
export type SymbolName = "circle" | "square" | "triangle" | "diamond";

export interface Range {
  readonly x: number;
  readonly low: number;
  readonly high: number;
}

export type Mark = LineMark | AreaMark | PointsMark | IntervalsMark | BarsMark | BoxesMark;

export interface LineMark {
  readonly kind: "line";
  /** A point with NaN breaks the line. */
  readonly points: readonly Point[];
  readonly widthPx?: number;
  readonly opacity?: number;
  /** Keeps each value until the next one. */
  readonly isStepped?: boolean;
  /** A readout tells the values at its points. */
  readonly isReadable?: boolean;
}

export interface AreaMark {
  readonly kind: "area";
  readonly ranges: readonly Range[];
  readonly isStepped?: boolean;
}

export interface PointsMark {
  readonly kind: "points";
  readonly symbol: SymbolName;
  readonly isHollow?: boolean;
  /** Half the width of a symbol; default 4. */
  readonly radiusPx?: number;
  readonly points: readonly { readonly x: number; readonly y: number; readonly text: string }[];
}

/** Vertical bars from a lower to an upper end. */
export interface IntervalsMark {
  readonly kind: "intervals";
  readonly ranges: readonly Range[];
}

/** Bars at the places of a name axis, each from a lower to an upper value: upright, or lying if the names stand at y. */
export interface BarsMark {
  readonly kind: "bars";
  readonly bars: readonly {
    readonly place: number;
    readonly low: number;
    readonly high: number;
    readonly text: string;
  }[];
}

/** Lying boxes at the places of a name axis: whisker, box, middle line, box, whisker. */
export interface BoxesMark {
  readonly kind: "boxes";
  readonly boxes: readonly {
    readonly place: number;
    readonly values: readonly [number, number, number, number, number];
    readonly text: string;
  }[];
}
