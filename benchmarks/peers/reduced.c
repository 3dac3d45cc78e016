/* The reduced model of DECLARATION.md in C: the same equations, samplers and keyed draws as reduced.py. */
#include <math.h>
#include <stdint.h>
#include <string.h>
#include <stdlib.h>

#define GOLDEN 0x9E3779B97F4A7C15ull
enum { VICTIMS = 1, VICTIM_MEMBERS, VICTIMS_HIDDEN, LEFT, LEFT_CALM, RELAPSED, RECRUITED, BACKGROUND };

static inline uint64_t mix(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
}
static inline uint64_t join(uint64_t key, uint64_t other) { return mix((key + GOLDEN) ^ mix(other)); }
static inline double uniform(uint64_t key, uint64_t process) {
    return (double)(mix(key + process * GOLDEN) >> 11) * 0x1p-53 + 0x1p-54;
}

static double log_factorial(double k) {
    double shift = 0.0, x = k + 1.0;
    while (x < 16.0) { shift += log(x); x += 1.0; }
    double y = 1.0 / (x * x);
    double series = (1.0 / 12.0 - y * (1.0 / 360.0 - y * (1.0 / 1260.0 - y * (1.0 / 1680.0 - y / 1188.0)))) / x;
    return (x - 0.5) * log(x) - x + 0.5 * log(2.0 * M_PI) + series - shift;
}

static inline double poisson(double mean, double u) {
    if (u <= 1.0 - mean) return 0.0;
    double k, pmf, cdf;
    if (mean < 600.0) {
        double first, second, third, fourth;
        pmf = exp(-mean);
        first = pmf;
        pmf *= mean; second = first + pmf;
        pmf *= mean / 2.0; third = second + pmf;
        pmf *= mean / 3.0; fourth = third + pmf;
        k = (double)((u > first) + (u > second) + (u > third) + (u > fourth));
        if (k < 4.0) return k;
        k = 3.0;
        cdf = fourth;
    } else {
        k = floor(mean - 9.0 * sqrt(mean));
        pmf = exp(k * log(mean) - mean - log_factorial(k));
        cdf = pmf;
    }
    while (u > cdf && pmf > 1e-300) { k += 1.0; pmf *= mean / k; cdf += pmf; }
    return k;
}

static double binomial_from(double n, double log_q, double odds, double u) {
    double k, pmf, cdf;
    if (n * odds < 600.0) {
        double first, second, third, fourth;
        pmf = exp(n * log_q);
        first = pmf;
        pmf *= odds * n; second = first + pmf;
        pmf *= odds * (n - 1.0) / 2.0; third = second + pmf;
        pmf *= odds * fmax(0.0, n - 2.0) / 3.0; fourth = third + pmf;
        k = (double)((u > first) + (u > second) + (u > third) + (u > fourth));
        if (k < 4.0 || n <= 4.0) return fmin(k, n);
        k = 3.0;
        cdf = fourth;
    } else {
        double p = odds / (1.0 + odds);
        k = fmax(0.0, floor(n * p - 9.0 * sqrt(n * p * (1.0 - p))));
        pmf = exp(log_factorial(n) - log_factorial(k) - log_factorial(n - k) + k * log(odds) + n * log_q);
        cdf = pmf;
    }
    while (u > cdf && k < n && pmf > 1e-300) { k += 1.0; pmf *= odds * (n - k + 1.0) / k; cdf += pmf; }
    return k;
}

static inline double odds_of(double h) {
    if (h < 0.01) return h * (1.0 + h * (0.5 + h * (1.0 / 6.0 + h * (1.0 / 24.0 + h * (1.0 / 120.0)))));
    return expm1(h);
}

static double few(double n, double p, double u) {
    double q = 1.0 - p;
    double pmf = q * q * (n >= 3.0 ? q : 1.0) * (n >= 4.0 ? q : 1.0);
    for (double i = 4.0; i < n; i += 1.0) pmf *= q;
    double odds = p / q, first = pmf, second, third;
    pmf *= odds * n; second = first + pmf;
    pmf *= odds * (n - 1.0) / 2.0; third = second + pmf;
    double k = (double)((u > first) + (u > second) + (u > third));
    if (k < 3.0 || n <= 3.0) return fmin(k, n);
    k = 2.0;
    double cdf = third;
    while (u > cdf && k < n) { k += 1.0; pmf *= odds * (n - k + 1.0) / k; cdf += pmf; }
    return k;
}

static inline double below_half(double n, double p, double u) {
    if (u <= 1.0 - n * p) return 0.0;
    if (n == 1.0) return 1.0;
    if (n <= 16.0) return few(n, p, u);
    return binomial_from(n, log1p(-p), p / (1.0 - p), u);
}
static inline double exits(double n, double hazard, double u) {
    if (u <= 1.0 - n * hazard) return 0.0;
    if (hazard > 0.7) return n - below_half(n, exp(-hazard), 1.0 - u);
    return binomial_from(n, -hazard, odds_of(hazard), u);
}
static inline double split(double n, double p, double u) {
    if (n <= 0.0 || p <= 0.0) return 0.0;
    if (p >= 1.0) return n;
    if (p <= 0.5) return below_half(n, p, u);
    return n - below_half(n, 1.0 - p, 1.0 - u);
}

/* model */
typedef struct {
    double years, contest_rate, branching, forget_rate, adherence_rate, hide_truce, hide_rate, member_victim_share,
        background_rate, saturation_share, calm_rate, relapse_rate, retire_rate, recruit_rate, mixing;
} Theta;

static inline double fraction(double rate, double years) { return 1.0 - exp(-rate * years); }
static inline double toward(double now, double target, double moved) { return now + moved * (target - now); }

void run(const Theta *th, int areas, int gangs, int weeks, const double *population, const double *rivalry,
         const double *obedience, const double *will, const double *offer, const uint64_t *area_key,
         const uint64_t *cell_key, uint64_t history, double *active, double *calm, double *remembered,
         double *work, double *out) {
    double *adherence = work, *hiding = work + gangs, *suffered = work + 2 * gangs, *secret = work + 3 * gangs;
    double years = th->years, total = 0.0, recorded_total = 0.0, peak = 0.0;
    memset(work, 0, 4 * (size_t)gangs * sizeof(double));
    for (int t = 0; t < weeks; t++) {
        uint64_t key = join(history, (uint64_t)t);
        for (int g = 0; g < gangs; g++) {
            adherence[g] = toward(adherence[g], offer[t] * will[g], fraction(th->adherence_rate, years));
            hiding[g] = toward(hiding[g], th->hide_truce * adherence[g], fraction(th->hide_rate, years));
        }
        double forgotten = fraction(th->forget_rate, years);
        double leaving_calm = th->relapse_rate + th->retire_rate;
        double homicides = 0.0, hidden = 0.0;
        for (int m = 0; m < areas; m++) {
            double *a = active + m * gangs, *c = calm + m * gangs, *r = remembered + m * gangs;
            double local = 0.0;
            for (int g = 0; g < gangs; g++) { local += a[g]; suffered[g] = secret[g] = 0.0; }
            for (int g = 0; g < gangs; g++) {
                double opposed = 0.0;
                for (int h = 0; h < gangs; h++) opposed += rivalry[h * gangs + g] * a[h];
                if (a[g] > 0.0 && opposed > 0.0) {
                    double complied = adherence[g] * obedience[m * gangs + g];
                    double attacks = a[g] * opposed * th->contest_rate / (local * th->mixing) + th->branching * r[g];
                    double per_weight = attacks * (1.0 - complied) / opposed;
                    for (int h = 0; h < gangs; h++) {
                        double on_side = per_weight * rivalry[h * gangs + g] * a[h];
                        suffered[h] += on_side;
                        secret[h] += hiding[g] * on_side;
                    }
                }
            }
            double expected = th->background_rate * population[m] / 100000.0 * years;
            homicides += poisson(expected, uniform(join(key, area_key[m]), BACKGROUND));
            double room = fmax(0.0, 1.0 - local / (th->saturation_share * population[m]));
            for (int g = 0; g < gangs; g++) {
                uint64_t cell = join(key, cell_key[m * gangs + g]);
                double victims = 0.0, killed = 0.0;
                if (suffered[g] > 0.0) {
                    victims = poisson(suffered[g] * years, uniform(cell, VICTIMS));
                    if (victims > 0.0) {
                        killed = fmin(a[g], split(victims, th->member_victim_share, uniform(cell, VICTIM_MEMBERS)));
                        hidden += split(victims, secret[g] / suffered[g], uniform(cell, VICTIMS_HIDDEN));
                    }
                }
                homicides += victims;
                r[g] = toward(r[g], victims / years, forgotten);
                double alive = a[g] - killed;
                double left = exits(alive, th->calm_rate * years, uniform(cell, LEFT));
                double left_calm = exits(c[g], leaving_calm * years, uniform(cell, LEFT_CALM));
                double relapsed = 0.0;
                if (left_calm > 0.0) relapsed = split(left_calm, th->relapse_rate / leaving_calm, uniform(cell, RELAPSED));
                double joined = poisson(th->recruit_rate * a[g] * room * years, uniform(cell, RECRUITED));
                a[g] = alive - left + relapsed + joined;
                c[g] += left - left_calm;
            }
        }
        total += homicides;
        recorded_total += homicides - hidden;
        peak = fmax(peak, homicides - hidden);
    }
    double end = 0.0, calm_end = 0.0;
    for (int i = 0; i < areas * gangs; i++) { end += active[i]; calm_end += calm[i]; }
    out[0] = total; out[1] = recorded_total; out[2] = peak; out[3] = end; out[4] = calm_end;
}
/* end of model */
