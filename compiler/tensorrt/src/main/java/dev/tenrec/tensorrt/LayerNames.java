package dev.tenrec.tensorrt;

import dev.tenrec.ir.diagnostic.Location;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Makes names out of locations such that no two layers have the same. */
final class LayerNames {
  // TensorRT's limit is 4096 bytes with the terminating zero; this leaves room for a number.
  private static final int MAX_BYTES = 4000;

  private final Map<String, Integer> uses = new HashMap<>();

  /** The location's label; from the second layer on with a number behind it. */
  String next(Location location) {
    String label = shorten(location.label());
    int use = uses.merge(label, 1, Integer::sum);
    return use == 1 ? label : next(label, use);
  }

  private String next(String label, int use) {
    String numbered = "%s#%d".formatted(label, use);
    return uses.putIfAbsent(numbered, 1) == null
        ? numbered
        : next(label, uses.merge(label, 1, Integer::sum));
  }

  private static String shorten(String label) {
    byte[] bytes = label.replace('\0', ' ').getBytes(StandardCharsets.UTF_8);
    return bytes.length <= MAX_BYTES
        ? new String(bytes, StandardCharsets.UTF_8)
        : new String(bytes, 0, MAX_BYTES, StandardCharsets.UTF_8);
  }
}
