package dev.tenrec.tensorrt.layer;

import com.google.common.primitives.ImmutableLongArray;

/** A parameter with one entry per dimension, which is part of the network or computed by it. */
public sealed interface Vector {
  /** Entries that are part of the network. */
  record Fixed(ImmutableLongArray entries) implements Vector {
    @Override
    public String toString() {
      return entries.toString();
    }
  }

  /** Entries that a tensor holds: int32 or int64, of rank 1. */
  record Computed(NetworkTensor tensor) implements Vector {
    @Override
    public String toString() {
      return tensor.toString();
    }
  }

  static Vector of(long... entries) {
    return new Fixed(ImmutableLongArray.copyOf(entries));
  }
}
