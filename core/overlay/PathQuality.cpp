// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/PathQuality.h"

#include <algorithm>
#include <bit>

namespace fb::overlay {

void QualityMeter::answered(Duration rtt)
{
    // RFC 6298 section 2.3, with its alpha.
    m_rtt = m_rtt ? *m_rtt + (rtt - *m_rtt) / 8 : rtt;
    count(false);
}

void QualityMeter::lost()
{
    count(true);
}

void QualityMeter::forgetLoss()
{
    m_lost = 0;
    m_samples = 0;
    m_isLossy = false;
}

void QualityMeter::count(bool wasLost)
{
    m_lost = (m_lost << 1U) | (wasLost ? 1U : 0U);
    m_samples = std::min(m_samples + 1, kWindow);
    if (m_samples < kSamplesToJudge)
        return;
    if (permille() >= kLossyPermille)
        m_isLossy = true;
    else if (permille() < kCleanPermille)
        m_isLossy = false;
}

std::uint32_t QualityMeter::permille() const
{
    return m_samples == 0 ? 0 : static_cast<std::uint32_t>(std::popcount(m_lost)) * 1000 / m_samples;
}

PathQuality QualityMeter::quality() const
{
    return {.rtt = m_rtt, .lossPermille = permille(), .samples = m_samples, .isLossy = m_isLossy};
}

bool QualityMeter::isHeavilyLossy() const
{
    return m_samples >= kSamplesToJudge && permille() >= kHeavyPermille;
}

bool QualityMeter::isProvenClean() const
{
    return m_samples >= kSamplesToJudge && !m_isLossy;
}

} // namespace fb::overlay
