// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The types of a package, each with those nested in it, that can be reached from one another. Thread: any. */
final class Knots {
    private final Map<String, Set<String>> arrows = new TreeMap<>();

    private Knots(JavaClasses classes, String room) {
        for (JavaClass type : classes) {
            if (type.getPackageName().equals(room)) {
                Set<String> targets = arrows.computeIfAbsent(name(type), name -> new TreeSet<>());
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    JavaClass target = dependency.getTargetClass().getBaseComponentType();
                    if (target.getPackageName().equals(room)) {
                        targets.add(name(target));
                    }
                }
            }
        }
    }

    /** Each knot of two types and more as its names in order: {@code "Pot, Lid"}. */
    static List<String> of(JavaClasses classes, String room) {
        return new Knots(classes, room).knots();
    }

    private static String name(JavaClass type) {
        String name = type.getName().substring(type.getPackageName().length() + 1);
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    private List<String> knots() {
        Map<String, Set<String>> reached = new TreeMap<>();
        arrows.keySet().forEach(from -> reached.put(from, reachedFrom(from)));
        List<String> knots = new ArrayList<>();
        Set<String> done = new HashSet<>();
        for (String from : arrows.keySet()) {
            Set<String> knot = new TreeSet<>();
            for (String to : reached.get(from)) {
                if (reached.getOrDefault(to, Set.of()).contains(from)) {
                    knot.add(to);
                }
            }
            if (knot.size() > 1 && done.addAll(knot)) {
                knots.add(String.join(", ", knot));
            }
        }
        return knots;
    }

    private Set<String> reachedFrom(String from) {
        Set<String> reached = new HashSet<>();
        List<String> next = new ArrayList<>(List.of(from));
        while (!next.isEmpty()) {
            for (String to : arrows.getOrDefault(next.remove(next.size() - 1), Set.of())) {
                if (reached.add(to)) {
                    next.add(to);
                }
            }
        }
        return reached;
    }
}
