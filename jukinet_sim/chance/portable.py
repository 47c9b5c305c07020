"""Logarithm, exponential, cosine and inverse normal from + - x / and square root only: the same bits on every machine.

The compiled engines draw through these instead of the platform's libm, whose last bit differs between systems.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.compiled import bits_of, compiled, float_of, inlined

_SQRT_HALF_BITS = 0x3FE6A09E667F3BCD
_MANTISSA = 0x000FFFFFFFFFFFFF

LN2_HIGH = 6.93147180369123816490e-01
LN2_LOW = 1.90821492927058770002e-10
LOG2_E = 1.44269504088896338700e00


@inlined
def log(x: float) -> float:
    """Natural logarithm of a normal positive float, within 1 ulp.

    Reduction x = 2^k m with m in [sqrt(1/2), sqrt(2)), then the odd series of log((1+s)/(1-s)) in s = (m-1)/(m+1) with the
    minimax coefficients published with Sun's fdlibm (e_log). No branches, so that blocks of it vectorise.
    """
    bits = bits_of(x)
    shifted = bits - _SQRT_HALF_BITS
    k = shifted >> 52
    m = float_of((shifted & _MANTISSA) + _SQRT_HALF_BITS)
    f = m - 1.0
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    even = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01))
    odd = z * (
        6.666666666666735130e-01
        + w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01))
    )
    half_square = 0.5 * f * f
    scale = float(k)
    return scale * LN2_HIGH - ((half_square - (s * (half_square + (even + odd)) + scale * LN2_LOW)) - f)


@inlined
def exp(x: float) -> float:
    """Exponential for -700 <= x <= 700 (clamped outside), within 1 ulp.

    Reduction x = k ln 2 + r, then the rational form of fdlibm's e_exp with its published coefficients.
    """
    x = min(700.0, max(-700.0, x))
    k = int(x * LOG2_E + (0.5 if x >= 0.0 else -0.5))
    scale = float(k)
    high = x - scale * LN2_HIGH
    low = scale * LN2_LOW
    r = high - low
    t = r * r
    c = r - t * (
        1.66666666666666019037e-01
        + t
        * (
            -2.77777777770155933842e-03
            + t * (6.61375632143793436117e-05 + t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08))
        )
    )
    y = 1.0 - ((low - (r * c) / (2.0 - c)) - high)
    return y * float_of((k + 1023) << 52)


@compiled
def cosine(x: float) -> float:
    """Cosine of 0 <= x <= 2 pi, within about 1e-15, by the series kernels published with fdlibm (k_cos and k_sin).

    The argument is folded to at most a quarter turn first, with pi/2 in two parts.
    """
    quarter = int(x * 0.63661977236758138 + 0.5)
    y = (x - quarter * 1.57079632673412561417e00) - quarter * 6.07710050650619224932e-11
    z = y * y
    even = 1.0 - 0.5 * z + z * z * (
        4.16666666666666019037e-02
        + z * (-1.38888888888741095749e-03 + z * (2.48015872894767294178e-05 + z * (
            -2.75573143513906633035e-07 + z * (2.08757232129817482790e-09 - z * 1.13596475577881948265e-11))))
    )
    odd = y + y * z * (
        -1.66666666666666324348e-01
        + z * (8.33333333332248946124e-03 + z * (-1.98412698298579493134e-04 + z * (
            2.75573137070700676789e-06 + z * (-2.50507602534068634195e-08 + z * 1.58969099521155010221e-10))))
    )
    turn = quarter & 3
    if turn == 0:
        return even
    if turn == 1:
        return -odd
    return -even if turn == 2 else odd


@inlined
def _normal_centre(q: float) -> float:
    """Return the quantile at 1/2 + q for |q| <= 0.425."""
    r = 0.180625 - q * q
    top = (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
               + 45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r
            + 133.14166789178437745) * r + 3.387132872796366608)
    bottom = (((((((5226.495278852545925 * r + 28729.085735721942674) * r + 39307.89580009271061) * r
                  + 21213.794301586595867) * r + 5394.1960214247511077) * r + 687.1870074920579083) * r
               + 42.313330701600911252) * r + 1.0)
    return q * top / bottom


@compiled
def _normal_tail(tail: float) -> float:
    """Return the upper quantile of a tail probability below 0.075."""
    r = math.sqrt(-log(tail))
    if r <= 5.0:
        r -= 1.6
        top = (((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r
                   + 1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.7694972214606914055) * r
                + 4.6303378461565452959) * r + 1.42343711074968357734)
        bottom = (((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r
                      + 0.14810397642748007459) * r + 0.68976733498510000455) * r + 1.6763848301838038494) * r
                   + 2.05319162663775882187) * r + 1.0)
    else:
        r -= 5.0
        top = (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r
                   + 0.026532189526576123093) * r + 0.29656057182850489123) * r + 1.7848265399172913358) * r
                + 5.4637849111641143699) * r + 6.6579046435011037772)
        bottom = (((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r
                      + 7.868691311456132591e-4) * r + 0.0148753612908506148525) * r + 0.13692988092273580531) * r
                   + 0.59983220655588793769) * r + 1.0)
    return top / bottom


@compiled
def normal_quantile(u: float) -> float:
    """Return the standard normal quantile of 0 < u < 1, relative error about 1e-16 (Wichura 1988, algorithm AS 241, PPND16)."""
    q = u - 0.5
    if abs(q) <= 0.425:
        return _normal_centre(q)
    return -_normal_tail(u) if q < 0.0 else _normal_tail(1.0 - u)


@compiled
def normal_quantiles(u: NDArray[np.float64], out: NDArray[np.float64]) -> None:
    """`normal_quantile` of a block, to the same bits: the centre as one loop that vectorises, then the tails."""
    for i in range(u.size):
        out[i] = _normal_centre(u[i] - 0.5)
    for i in range(u.size):
        if abs(u[i] - 0.5) > 0.425:
            out[i] = normal_quantile(u[i])
