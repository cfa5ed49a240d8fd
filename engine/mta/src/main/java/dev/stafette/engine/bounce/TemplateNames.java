// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.bounce;

import dev.stafette.engine.config.Expansion;
import dev.stafette.engine.config.Settings;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a name stands for in a template: a parameter, or one of two times in a unit, as in
 * {@code $maximal_queue_lifetime_days}.
 * Thread: start-up, reload and main.
 */
final class TemplateNames {
    private static final List<String> TIMES = List.of("delay_warning_time", "maximal_queue_lifetime");

    /** More of a unit than this is hard to read. */
    private static final long COUNT_MAX = 999;

    private final Settings settings;
    private final Consumer<String> warnings;

    private enum Unit {
        SECONDS(ChronoUnit.SECONDS),
        MINUTES(ChronoUnit.MINUTES),
        HOURS(ChronoUnit.HOURS),
        DAYS(ChronoUnit.DAYS),
        WEEKS(ChronoUnit.WEEKS);

        private final ChronoUnit unit;

        Unit(ChronoUnit unit) {
            this.unit = unit;
        }

        long seconds() {
            return unit.getDuration().toSeconds();
        }

        static @Nullable Unit named(String name) {
            for (Unit unit : values()) {
                if (unit.name().equalsIgnoreCase(name)) {
                    return unit;
                }
            }
            return null;
        }
    }

    /** A name that stands for nothing; the message is empty where there is no more to say. */
    static final class NameException extends RuntimeException {
        private static final long serialVersionUID = 1;

        NameException(String message) {
            super(message, null, false, false);
        }
    }

    TemplateNames(Settings settings, Consumer<String> warnings) {
        this.settings = settings;
        this.warnings = warnings;
    }

    /** {@code template} stands in messages. */
    Expansion.Names of(ReportTemplate template) {
        return new Expansion.Names() {
            @Override
            public @Nullable String valueOf(String name) {
                return TemplateNames.this.valueOf(name, template);
            }

            @Override
            public boolean areBytes() {
                return true;
            }

            @Override
            public String ofUndefined(String name) {
                throw new NameException("");
            }
        };
    }

    private @Nullable String valueOf(String name, ReportTemplate template) {
        for (String time : TIMES) {
            if (name.length() > time.length() && name.startsWith(time + "_")) {
                return inUnit(name, time, template);
            }
        }
        if (!settings.isDefined(name)) {
            return null;
        }
        // It is expanded already.
        String value = settings.anyText(name).replace("$", "$$");
        return new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private String inUnit(String name, String time, ReportTemplate template) {
        String suffix = name.substring(time.length() + 1);
        Unit unit = Unit.named(suffix);
        if (unit == null) {
            throw new NameException("unrecognized suffix \"" + suffix + "\" in parameter \"" + name + "\"");
        }
        long seconds = settings.time(time).toSeconds();
        long count = seconds / unit.seconds();
        if (count > COUNT_MAX && unit.compareTo(Unit.DAYS) < 0) {
            warn("excessive result \"" + count + "\"", "increase", unit, name, template);
        } else if (count == 0 && seconds > 0) {
            warn("zero result", "reduce", unit, name, template);
        }
        return Long.toString(count);
    }

    private void warn(String what, String advice, Unit unit, String name, ReportTemplate template) {
        warnings.accept(template.where() + ": " + what + " in " + template.name()
                + " template conversion of parameter \"" + name + "\"");
        warnings.accept("please " + advice + " time unit \"" + name.substring(name.lastIndexOf('_') + 1) + "\" of \""
                + name + "\" in " + template.name() + " template");
        warnings.accept("for instructions see the bounce(5) manual");
    }
}
