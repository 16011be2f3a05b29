package dev.tenrec.passes.accuracy;

import java.util.Locale;

/**
 * How far numbers are from those that were expected, over all samples. Elements that are no finite
 * number, but the same in both, count as equal, unless all are so: then nothing was compared.
 *
 * @param elements how many were compared
 * @param broken how many are finite in one only, or exist in one only; if there are any the others
 *     say nothing
 * @param max the largest |actual − expected|
 * @param mean the mean of |actual − expected|
 * @param cosine of the angle between both as vectors; 1 if both are 0
 * @param decibels the ratio of signal to noise, 10 log10 (Σ expected² / Σ (actual − expected)²)
 */
public record Deviation(
    long elements, long broken, double max, double mean, double cosine, double decibels) {

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "max %.3g, mean %.3g, cosine %.7f, SNR %.1f dB%s",
        max,
        mean,
        cosine,
        decibels,
        broken == 0 ? "" : ", %d of %d broken".formatted(broken, elements));
  }
}
