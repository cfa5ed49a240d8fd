// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import java.util.function.Supplier;

/** The settings of mail that we bring in ourselves, as they are now. Thread: any. */
public final class CurrentIntake implements Supplier<IntakeSettings> {
    /** Written at start-up and by the admin thread. */
    private volatile IntakeSettings current;

    public CurrentIntake(IntakeSettings current) {
        this.current = current;
    }

    /** For messages from now on. */
    public void reload(IntakeSettings changed) {
        current = changed;
    }

    @Override
    public IntakeSettings get() {
        return current;
    }
}
