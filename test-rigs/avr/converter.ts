import {
  type ADCMuxInput,
  ADCMuxInputType,
  ADCReference,
  AVRADC,
  adcConfig,
  type CPU,
} from "avr8js";
import type { Outside } from "./outside.ts";

const ENABLED = 0x80;

/** How fast the capacitor at AREF follows a new reference: 100 nF behind 32 kOhm. */
const SETTLING_CYCLES = 16_000_000 * 100e-9 * 32e3;

/**
 * The converter of the chip, with what avr8js leaves out: noise, a reference that takes its time,
 * the temperature as the data sheet has it, and conversions that hang until it is turned off.
 */
export function attachConverter(cpu: CPU, outside: Outside): void {
  const adc = new AVRADC(cpu, adcConfig);
  let full = outside.supplyV;
  let then = cpu.cycles;
  adc.onADCRead = (input) => {
    if (outside.isAdcDead) return;
    const target = wantedReference(adc, outside);
    full = target + (full - target) * Math.exp((then - cpu.cycles) / SETTLING_CYCLES);
    then = cpu.cycles;
    const code = Math.floor((voltsOf(input, outside) / full) * 1024 + outside.noise());
    const told = Math.min(Math.max(code, 0), 1023);
    cpu.addClockEvent(() => adc.completeADCRead(told), adc.sampleCycles);
  };
  const control = cpu.writeHooks[adcConfig.ADCSRA];
  cpu.writeHooks[adcConfig.ADCSRA] = (value, ...rest) => {
    // A conversion under way is given up, which avr8js does not know.
    if (!(value & ENABLED)) (adc as unknown as { converting: boolean }).converting = false;
    return control?.(value, ...rest) ?? false;
  };
}

function wantedReference({ referenceVoltageType }: AVRADC, { bandgapV, supplyV }: Outside): number {
  return referenceVoltageType === ADCReference.Internal1V1 ? bandgapV : supplyV;
}

function voltsOf(input: ADCMuxInput, { volts, bandgapV, celsius }: Outside): number {
  switch (input.type) {
    case ADCMuxInputType.SingleEnded:
      return volts[input.channel] ?? 0;
    case ADCMuxInputType.Temperature:
      // ATmega328P data sheet, table 24-2.
      return 0.314 + (celsius - 25) * 0.00106;
    case ADCMuxInputType.Constant:
      return input.voltage > 0 ? bandgapV : 0;
    case ADCMuxInputType.Differential:
      return 0;
  }
}
