package io.github.wasmtimejvm.cli;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One of the settings behind an option: {@code fuel=1000} of {@code -W fuel=1000,gc=n}. Values are
 * read as the official tool reads them.
 *
 * @param option the option, as it was written
 * @param name the setting's name
 * @param text its value, {@code null} if there is none
 */
record Setting(String option, String name, @Nullable String text) {
  // Java's own parser takes the digits of all scripts.
  private static final Pattern NUMBER = Pattern.compile("0x(\\+?[0-9a-fA-F]+)|\\+?[0-9]+");

  private static final Pattern TIME = Pattern.compile("\\+?([0-9]+)(s|ms|us|μs|ns)?");

  /** Reads the settings that are the value of an option. */
  static List<Setting> parse(String option, String value) {
    List<Setting> settings = new ArrayList<>();
    for (String each : value.split(",", -1)) {
      int equals = each.indexOf('=');
      settings.add(
          equals < 0
              ? new Setting(option, each, null)
              : new Setting(option, each.substring(0, equals), each.substring(equals + 1)));
    }
    return settings;
  }

  /** The value, which must be there. */
  String value() throws UsageException {
    if (text == null) {
      throw new UsageException("%s %s needs a value: %2$s=VALUE".formatted(option, name));
    }
    return text;
  }

  /** The value of what is on or off; alone the name switches it on. */
  boolean flag() throws UsageException {
    return switch (text) {
      case null -> true;
      case "y", "yes", "true" -> true;
      case "n", "no", "false" -> false;
      default -> throw wrong("y or n");
    };
  }

  /** The value as a number, unsigned. */
  long number() throws UsageException {
    Matcher number = NUMBER.matcher(value().replace("_", ""));
    try {
      if (number.matches()) {
        return number.group(1) != null
            ? Long.parseUnsignedLong(number.group(1), 16)
            : Long.parseUnsignedLong(number.group());
      }
    } catch (NumberFormatException e) {
      // Too large.
    }
    throw wrong("a number from 0 to 2^64-1");
  }

  /** The value as a number, where what is beyond 2^63-1 means no more than that. */
  long size() throws UsageException {
    long number = number();
    return number < 0 ? Long.MAX_VALUE : number;
  }

  /** The value as a time. */
  Duration time() throws UsageException {
    Matcher time = TIME.matcher(value());
    if (!time.matches()) {
      throw wrong("a whole number of s, ms, us or ns, as in 100ms");
    }
    TemporalUnit unit =
        switch (time.group(2)) {
          case "ms" -> ChronoUnit.MILLIS;
          case "us", "μs" -> ChronoUnit.MICROS;
          case "ns" -> ChronoUnit.NANOS;
          case null, default -> ChronoUnit.SECONDS;
        };
    return Duration.of(new Setting(option, name, time.group(1)).size(), unit);
  }

  /** What the value stands for. */
  <T> T oneOf(Map<String, T> choices) throws UsageException {
    T choice = choices.get(value());
    if (choice == null) {
      throw wrong("one of " + String.join(", ", new TreeSet<>(choices.keySet())));
    }
    return choice;
  }

  private UsageException wrong(String wanted) {
    return new UsageException(
        "%s %s=%s: the value must be %s".formatted(option, name, text, wanted));
  }

  /** For a value that the library refuses. */
  UsageException refused(IllegalArgumentException reason) {
    return new UsageException(
        "%s %s%s: %s"
            .formatted(
                option,
                name,
                text == null ? "" : "=" + text,
                SettingNames.inRefusal(String.valueOf(reason.getMessage()))));
  }

  /**
   * For a setting that we do not have.
   *
   * @param official the names that the official tool has behind this option
   */
  UsageException refusal(String official) {
    return new UsageException(
        List.of(official.split("\\s+")).contains(name)
            ? "wasmtime's option %s %s is not supported here".formatted(option, name)
            : "unknown option %s %s".formatted(option, name));
  }
}
