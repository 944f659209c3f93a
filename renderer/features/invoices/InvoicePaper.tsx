import type { DocumentTable, InvoiceDocument } from '../../../shared/domain/invoiceDocument'
import styles from './InvoicePaper.module.css'

/** An invoice as it will be printed, scaled to the room it gets. */
export function InvoicePaper({ document }: { readonly document: InvoiceDocument }) {
  return (
    <div className={styles.room}>
      <article className={styles.paper} data-size={document.pageSize} aria-label={document.title}>
        {document.stamp ? <div className={styles.stamp} data-stamp={document.stamp} aria-hidden="true" /> : null}
        <header className={styles.head}>
          <div>
            {document.seller.map((line, index) => (
              <div key={line} className={index === 0 ? styles.seller : ''}>
                {line}
              </div>
            ))}
          </div>
          <h2 className={styles.title}>{document.title}</h2>
        </header>
        <div className={styles.parties}>
          <div>
            {document.billTo.map((line, index) => (
              <div key={line} className={index === 0 ? styles.strong : ''}>
                {line}
              </div>
            ))}
          </div>
          <dl className={styles.facts}>
            {document.facts.map((fact) => (
              <div key={fact.label}>
                <dt>{fact.label}</dt>
                <dd className={fact.strong ? styles.strong : ''}>{fact.value}</dd>
              </div>
            ))}
          </dl>
        </div>
        <PaperTable table={document.lines} />
        <dl className={styles.totals}>
          {document.totals.map((total) => (
            <div key={total.label} data-strong={total.strong || undefined}>
              <dt>{total.label}</dt>
              <dd>{total.value}</dd>
            </div>
          ))}
        </dl>
        {document.taxes ? (
          <div className={styles.taxes}>
            <PaperTable table={document.taxes} />
          </div>
        ) : null}
        {document.memo ? <p className={styles.memo}>{document.memo}</p> : null}
      </article>
    </div>
  )
}

function PaperTable({ table }: { readonly table: DocumentTable }) {
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          {table.columns.map((column) => (
            <th key={column.title} data-align={column.align} scope="col">
              {column.title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {table.rows.map((row, index) => (
          // Lines of a document have no id; they are drawn anew as a whole.
          // biome-ignore lint/suspicious/noArrayIndexKey: rows never move on their own
          <tr key={index}>
            {table.columns.map((column, at) => (
              <td key={column.title} data-align={column.align}>
                {row[at]}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
