package dev.tenrec.compiler.calibration;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.compiler.data.StrictJson;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/**
 * How a model takes images, described by a JSON file. Each number of a channel c becomes (number /
 * 255 - mean[c]) / std[c].
 *
 * @param input the input of the model; its only one if nothing is said
 * @param resize the length that the shorter side is scaled to; the images' own if nothing is said
 * @param crop height and width of what is cut out in the middle; all if nothing is said
 * @param mean for each channel; 0 if nothing is said
 * @param std for each channel; 1 if nothing is said
 * @param layout of the input
 * @param channels their order
 */
public record ImagePreprocessing(
    @Nullable String input,
    @Nullable Integer resize,
    @Nullable List<Integer> crop,
    @Nullable List<Double> mean,
    @Nullable List<Double> std,
    @Nullable Layout layout,
    @Nullable Channels channels) {
  static final ImmutableList<String> SUFFIXES =
      ImmutableList.of(".png", ".jpg", ".jpeg", ".bmp", ".gif");
  private static final int WHITE = 255;
  private static final int MAX_SIZE = 1 << 14;
  private static final String ADVICE =
      "write for example {\"resize\": 256, \"crop\": [224, 224], \"mean\": [0.485, 0.456, 0.406],"
          + " \"std\": [0.229, 0.224, 0.225], \"layout\": \"NCHW\", \"channels\": \"RGB\"}";

  /** In which order an input has its axes: samples, channels, height and width. */
  public enum Layout {
    /** Channels first; if nothing is said. */
    NCHW,
    /** Channels last. */
    NHWC
  }

  /** What the channels of an input are. */
  public enum Channels {
    /** Red, green, blue; if nothing is said. */
    RGB,
    /** Blue, green, red. */
    BGR,
    /** One of brightness, 0.299 red + 0.587 green + 0.114 blue. */
    GRAY;

    int count() {
      return this == GRAY ? 1 : 3;
    }

    /** A channel of a color 0xRRGGBB, 0 to 255. */
    double of(int color, int channel) {
      int red = color >> 16 & WHITE;
      int green = color >> 8 & WHITE;
      int blue = color & WHITE;
      return switch (this) {
        case RGB -> channel == 0 ? red : channel == 1 ? green : blue;
        case BGR -> channel == 0 ? blue : channel == 1 ? green : red;
        case GRAY -> 0.299 * red + 0.587 * green + 0.114 * blue;
      };
    }
  }

  /** Checks what is said. */
  public ImagePreprocessing {
    require(resize == null || isSize(resize), "resize must be from 1 to " + MAX_SIZE);
    require(
        crop == null || (crop.size() == 2 && crop.stream().allMatch(ImagePreprocessing::isSize)),
        "crop must be a height and a width, both from 1 to " + MAX_SIZE);
    int count = (channels == null ? Channels.RGB : channels).count();
    require(isFor(count, mean), "mean must have one number for each channel");
    require(
        isFor(count, std) && (std == null || std.stream().allMatch(number -> number > 0)),
        "std must have one positive number for each channel");
  }

  private static boolean isSize(@Nullable Integer size) {
    return size != null && size > 0 && size <= MAX_SIZE;
  }

  private static boolean isFor(int channels, @Nullable List<Double> numbers) {
    return numbers == null
        || (numbers.size() == channels
            && numbers.stream().allMatch(number -> number != null && Double.isFinite(number)));
  }

  private static void require(boolean condition, String problem) {
    if (!condition) {
      throw new TenrecException(ErrorCode.INVALID_ARGUMENT, problem);
    }
  }

  /**
   * Reads a description.
   *
   * @throws TenrecException naming the file and what is wrong in it
   */
  public static ImagePreprocessing read(Path file) {
    return StrictJson.read(file, ImagePreprocessing.class, ADVICE);
  }

  /** The input that takes images. */
  String input(Signature model) {
    if (input != null || model.inputs().size() == 1) {
      return input == null ? model.inputs().keySet().iterator().next() : input;
    }
    throw new TenrecException(
            ErrorCode.INVALID_INPUT,
            "which of the inputs %s takes images is not said".formatted(model.inputs().keySet()))
        .advise("add \"input\" to the description");
  }

  /** An image as a tensor of one sample. */
  public Tensor prepare(Path file) {
    BufferedImage image = cropped(file, resized(file, decoded(file)));
    Channels kind = Objects.requireNonNullElse(channels, Channels.RGB);
    int height = image.getHeight();
    int width = image.getWidth();
    int count = kind.count();
    boolean last = layout == Layout.NHWC;
    return Tensor.ofDoubles(
        ElementType.FLOAT32,
        last
            ? ImmutableLongArray.of(1, height, width, count)
            : ImmutableLongArray.of(1, count, height, width),
        i -> {
          int channel = last ? i % count : i / (height * width);
          int place = last ? i / count : i % (height * width);
          double number = kind.of(image.getRGB(place % width, place / width), channel) / WHITE;
          double shifted = number - (mean == null ? 0 : mean.get(channel));
          return std == null ? shifted : shifted / std.get(channel);
        });
  }

  private static BufferedImage decoded(Path file) {
    try {
      BufferedImage image = ImageIO.read(file.toFile());
      if (image != null) {
        return image;
      }
      throw new IOException("its format is not known");
    } catch (IOException | RuntimeException e) {
      // Java's readers of images throw all kinds of exceptions where a file is damaged.
      throw new TenrecException(
              ErrorCode.INVALID_INPUT, "%s is no image: %s".formatted(file, e.getMessage()), e)
          .advise("give PNG, JPEG, BMP or GIF files");
    }
  }

  private BufferedImage resized(Path file, BufferedImage image) {
    if (resize == null) {
      return image;
    }
    double factor = (double) resize / Math.min(image.getWidth(), image.getHeight());
    int width = (int) Math.max(1, Math.round(image.getWidth() * factor));
    int height = (int) Math.max(1, Math.round(image.getHeight() * factor));
    if (Math.max(width, height) > MAX_SIZE) {
      throw new TenrecException(
              ErrorCode.TOO_LARGE,
              "%s: %d by %d pixels become %d by %d"
                  .formatted(file, image.getWidth(), image.getHeight(), width, height))
          .advise("leave the image away, or choose a smaller \"resize\"");
    }
    BufferedImage result = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = result.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(image, 0, 0, width, height, null);
    graphics.dispose();
    return result;
  }

  private BufferedImage cropped(Path file, BufferedImage image) {
    if (crop == null) {
      return image;
    }
    int height = crop.get(0);
    int width = crop.get(1);
    if (height > image.getHeight() || width > image.getWidth()) {
      throw new TenrecException(
              ErrorCode.INVALID_INPUT,
              "%s: %d by %d pixels cannot be cut out of %d by %d"
                  .formatted(file, width, height, image.getWidth(), image.getHeight()))
          .advise("set \"resize\" to at least the larger side of \"crop\"");
    }
    return image.getSubimage(
        (image.getWidth() - width) / 2, (image.getHeight() - height) / 2, width, height);
  }
}
