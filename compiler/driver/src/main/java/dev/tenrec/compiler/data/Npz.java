package dev.tenrec.compiler.data;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.FileErrors;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Named arrays in a {@code .npz} file.
 *
 * <p>Source of the format: NumPy, {@code numpy.lib.format}. Types that NumPy lacks are written in
 * the narrowest one that holds them, for example bfloat16 as float32.
 */
public final class Npz {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final String SUFFIX = ".npy";
  private static final int ALIGNMENT = 64;
  private static final int MAX_HEADER = 1 << 16;

  private Npz() {}

  /**
   * All arrays of a file, in its order.
   *
   * @throws TenrecException naming the file and the array if something is wrong with them
   */
  public static ImmutableMap<String, Tensor> read(Path file) {
    ImmutableMap.Builder<String, Tensor> arrays = ImmutableMap.builder();
    String place = file.toString();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      Enumeration<? extends ZipEntry> entries = zip.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        place = file + ", array '" + entry.getName() + "'";
        if (entry.getName().endsWith(SUFFIX)) {
          String name = entry.getName().substring(0, entry.getName().length() - SUFFIX.length());
          arrays.put(name, readArray(zip, entry));
        }
      }
      return arrays.buildOrThrow();
    } catch (NoSuchFileException | AccessDeniedException e) {
      throw FileErrors.reading(file, e);
    } catch (IOException e) {
      throw invalid(place, FileErrors.describe(e), e, "savez");
    } catch (IllegalArgumentException e) {
      throw invalid(place, "two arrays have the same name", e, "savez");
    } catch (TenrecException e) {
      throw e.at(new Location.Synthetic(place));
    }
  }

  private static TenrecException invalid(String place, String problem, Exception e, String writer) {
    return new TenrecException(
            ErrorCode.INVALID_INPUT, "%s cannot be read: %s".formatted(place, problem), e)
        .advise("it must be a file that numpy.%s writes".formatted(writer));
  }

  /** Reads to the end, and compares the checksum, which Java does not. */
  private static Tensor readArray(ZipFile zip, ZipEntry entry) throws IOException {
    CRC32 sum = new CRC32();
    try (InputStream in = new CheckedInputStream(zip.getInputStream(entry), sum)) {
      Tensor array = readAll(in);
      if (sum.getValue() != entry.getCrc()) {
        throw new IOException("it is damaged: the checksum is another one");
      }
      return array;
    }
  }

  /** The array of a {@code .npy} file. */
  public static Tensor readArray(Path file) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return readAll(in);
    } catch (NoSuchFileException | AccessDeniedException e) {
      throw FileErrors.reading(file, e);
    } catch (IOException e) {
      throw invalid(file.toString(), FileErrors.describe(e), e, "save");
    } catch (TenrecException e) {
      throw e.at(new Location.Synthetic(file.toString()));
    }
  }

  private static Tensor readAll(InputStream in) throws IOException {
    Tensor array = readArray(new DataInputStream(in));
    if (in.read() >= 0) {
      throw new IOException("there is more than one array");
    }
    return array;
  }

  private static Tensor readArray(DataInputStream in) throws IOException {
    byte[] magic = in.readNBytes(MAGIC.length);
    if (!java.util.Arrays.equals(magic, MAGIC)) {
      throw new IOException("not an array");
    }
    int version = in.readUnsignedByte();
    in.readUnsignedByte();
    long length = Integer.toUnsignedLong(Short.toUnsignedInt(Short.reverseBytes(in.readShort())));
    if (version > 1) {
      length |=
          Integer.toUnsignedLong(Short.toUnsignedInt(Short.reverseBytes(in.readShort())) << 16);
    }
    if (length > MAX_HEADER) {
      throw new IOException("a header of " + length + " bytes");
    }
    NpyHeader header =
        NpyHeader.parse(new String(in.readNBytes((int) length), StandardCharsets.UTF_8));
    return header.fortranOrder()
        ? reversed(elements(header.elementType(), header.sizes(), in))
        : elements(header.elementType(), header.sizes(), in);
  }

  private static Tensor elements(ElementType type, ImmutableLongArray sizes, InputStream in)
      throws IOException {
    long bytes;
    try {
      bytes = type.bytes(sizes.stream().reduce(1, Math::multiplyExact));
    } catch (ArithmeticException e) {
      throw new IOException("sizes " + sizes + " overflow", e);
    }
    if (bytes > Integer.MAX_VALUE - 8) {
      throw new IOException("an array of " + bytes + " bytes is too large");
    }
    byte[] data = in.readNBytes((int) bytes);
    if (data.length < bytes) {
      throw new IOException(
          "the array takes %d bytes, but there are %d".formatted(bytes, data.length));
    }
    return Tensor.of(type, sizes, MemorySegment.ofArray(data));
  }

  /** The array in row-major order, from one whose first axis is the fastest. */
  private static Tensor reversed(Tensor tensor) {
    int rank = tensor.rank();
    int elementBytes = tensor.elementType().bits() / 8;
    MemorySegment data = MemorySegment.ofArray(new byte[(int) tensor.data().byteSize()]);
    for (long target = 0; target < tensor.count(); target++) {
      long source = 0;
      long rest = target;
      for (int axis = rank - 1; axis >= 0; axis--) {
        long stride = 1;
        for (int faster = 0; faster < axis; faster++) {
          stride *= tensor.size(faster);
        }
        source += rest % tensor.size(axis) * stride;
        rest /= tensor.size(axis);
      }
      MemorySegment.copy(
          tensor.data(), source * elementBytes, data, target * elementBytes, elementBytes);
    }
    return Tensor.of(tensor.elementType(), tensor.sizes(), data);
  }

  /** Writes a file that appears only when it is complete. */
  public static void write(Path file, Map<String, Tensor> arrays) {
    AtomicOutput.file(
        file,
        temporary -> {
          try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(temporary))) {
            for (Map.Entry<String, Tensor> array : arrays.entrySet()) {
              zip.putNextEntry(entry(array.getKey()));
              writeArray(zip, array.getValue());
              zip.closeEntry();
            }
          }
        });
  }

  private static ZipEntry entry(String array) throws IOException {
    try {
      return new ZipEntry(array + SUFFIX);
    } catch (IllegalArgumentException e) {
      throw new IOException("the name of an array is too long", e);
    }
  }

  private static void writeArray(OutputStream out, Tensor tensor) throws IOException {
    ElementType type = NpyHeader.storedAs(tensor.elementType());
    Tensor stored =
        type == tensor.elementType()
            ? tensor
            : Tensor.ofDoubles(type, tensor.sizes(), tensor::getDouble);
    String text = new NpyHeader(type, tensor.sizes(), false).text();
    int prefix = MAGIC.length + 4;
    int padding = Math.floorMod(-(prefix + text.length() + 1), ALIGNMENT);
    byte[] header = (text + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
    out.write(MAGIC);
    out.write(new byte[] {1, 0, (byte) header.length, (byte) (header.length >> 8)});
    out.write(header);
    out.write(stored.data().toArray(ValueLayout.JAVA_BYTE));
  }
}
