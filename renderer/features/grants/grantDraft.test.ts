import { describe, expect, it } from 'vitest'
import { grants } from '../../../shared/contract/grants'
import { emptyDraft, grantOf, grantState, problemsOf } from './grantDraft'

const draft = { ...emptyDraft, holder: ' Mira ', secretIds: ['sec_1'], hosts: 'api.stripe.com\n*.example.com\n' }

describe('grantDraft', () => {
  it('makes what grants.create takes', () => {
    const whole = {
      ...draft,
      reveal: true,
      methods: ['POST', 'GET'],
      paths: '/v1/*',
      from: '09:00',
      to: '17:00',
      weekdays: ['5', '1'],
      maxUses: 3,
      engagementEndsOn: '2030-01-31',
    }
    expect(problemsOf(whole)).toEqual({})
    const input = grantOf(whole, 'biz_1')
    expect(grants['grants.create'].input.parse(input)).toEqual(input)
    expect(input).toMatchObject({ holder: 'Mira', methods: ['GET', 'POST'], weekdays: [1, 5], actions: ['use', 'reveal'] })
  })

  it('leaves out what is not chosen, and hosts where nothing may be called', () => {
    expect(grantOf({ ...draft, use: false, reveal: true }, 'biz_1')).toEqual({
      businessId: 'biz_1',
      holder: 'Mira',
      secretIds: ['sec_1'],
      actions: ['reveal'],
      expiresInHours: 24,
    })
  })

  it('says what has to be mended', () => {
    expect(Object.keys(problemsOf(emptyDraft)).sort()).toEqual(['holder', 'hosts', 'secretIds'])
    expect(problemsOf({ ...draft, hosts: 'https://api.example.com/v1' }).hosts).toContain('no host name')
    expect(grantOf({ ...draft, hosts: 'https://API.example.com/' }, 'biz_1').hosts).toEqual(['api.example.com'])
    expect(problemsOf({ ...draft, paths: 'v1' }).paths).toContain('no path')
    expect(problemsOf({ ...draft, use: false, from: '09:00' })).toMatchObject({
      actions: expect.any(String),
      hours: expect.any(String),
    })
  })

  it('tells how a grant stands', () => {
    const grant = { revokedAt: null, revokedFor: null, expiresAt: 10 } as Parameters<typeof grantState>[0]
    expect([grantState(grant, 9), grantState(grant, 10)]).toEqual(['active', 'expired'])
    expect(grantState({ ...grant, revokedAt: 5, revokedFor: 'unused' }, 9)).toBe('unused')
  })
})
